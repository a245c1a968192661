//! Adam again, but from w0 = -10, far out on the plain of MSE. There the gradient is so slight
//! that the steps are still what Adam remembers of the one epoch before; they lead the wrong way, and then there is
//! nothing to go by. BCE slopes towards the goal from anywhere, and the path arrives.
//!
//! A good optimizer mends much, but it is no cure for a bad loss. For yes or no, the loss is BCE, because it is convex.

use yhat::{prelude::*, random};

use crate::{
    Findings,
    chapters::{
        bce::bce_loss,
        mse::mse_loss,
        sgd::{described, record},
    },
};

/// Records both paths with Adam from far away.
pub fn run() -> yhat::Result<Findings> {
    // Five nets have been drawn since `set_seed(43052)`: one in its chapter, two in each recording before this one.
    random::resume_seed(43052, 5);
    let start = [[-10.0], [-1.0]];
    let mse = record(Adam::new(0.1), mse_loss, start)?;
    let bce = record(Adam::new(0.1), bce_loss, start)?;

    let mut findings = Findings::new();
    findings.say(described("MSE", &mse));
    findings.say(described("BCE", &bce));
    findings.number("ex3_mse", mse);
    findings.number("ex3_bce", bce);
    Ok(findings)
}
