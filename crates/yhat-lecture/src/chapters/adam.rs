//! The first recording again, with Adam.

use yhat::{prelude::*, random};
use yhat_plot::Animation;

use crate::{
    Findings, Page,
    chapters::{
        bce::bce_loss,
        mse::mse_loss,
        sgd::{described, keep, record},
    },
    plots::{self, Recordings},
};

/// Records both paths with Adam.
pub fn run() -> yhat::Result<Findings> {
    // [record_both]
    // Three nets have been drawn since `set_seed(43052)`: one in its chapter, two in the recording before this one.
    random::resume_seed(43052, 3);
    let start = [[-3.0], [-1.0]];
    let mse = record(Adam::new(0.1), mse_loss, start)?;
    let bce = record(Adam::new(0.1), bce_loss, start)?;

    // [found]
    let mut findings = Findings::new();
    findings.say(described("MSE", &mse.path));
    findings.say(described("BCE", &bce.path));
    findings.number("ex2_mse", &mse.path);
    findings.number("ex2_bce", &bce.path);
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
    Ok(page)
}

fn moving(recordings: &Recordings) -> yhat::Result<Animation> {
    plots::four_panels("Adam, Winit=(-3,-1)", recordings)
}
