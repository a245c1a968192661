//! Adam from far away.

use yhat::{prelude::*, random};
use yhat_plot::Animation;

use crate::{
    Findings, Page, case,
    chapters::{
        bce::bce_loss,
        mse::mse_loss,
        sgd::{described, keep, record},
    },
    plots::{self, Recordings},
};

/// Records both paths with Adam from far away.
pub fn run() -> yhat::Result<Findings> {
    // [verdict]
    // A net with these weights that has not made a step.
    let case = case("plateau")?;
    let verdict = case.net.diagnose(&case.x, &case.y)?;

    // [record_both]
    // Five nets have been drawn since `set_seed(43052)`: one in its chapter, two in each recording before this one.
    random::resume_seed(43052, 5);
    let start = [[-10.0], [-1.0]];
    let mse = record(Adam::new(0.1), mse_loss, start)?;
    let bce = record(Adam::new(0.1), bce_loss, start)?;

    // [found]
    let mut findings = Findings::new();
    findings.diagnosis("net", verdict);
    findings.say(described("MSE", &mse.path));
    findings.say(described("BCE", &bce.path));
    findings.number("ex3_mse", &mse.path);
    findings.number("ex3_bce", &bce.path);
    keep(&mut findings, mse, bce);
    Ok(findings)
}

/// The chapter's part of the page.
pub fn page(found: &Findings) -> yhat::Result<Page> {
    let recordings = Recordings::of(found)?;
    let mut page = Page::new();
    recordings.describe(&mut page);
    page.text("try");
    page.code("record_both");
    recordings.show_first(&mut page);
    recordings.show_paths(&mut page);
    page.animation("moving", moving(&recordings)?);
    page.figure("losses", recordings.losses());
    page.text("seen");
    page.verdict(found.verdict("net")?);
    Ok(page)
}

fn moving(recordings: &Recordings) -> yhat::Result<Animation> {
    plots::four_panels("Adam, Winit=(-10,-1)", recordings)
}
