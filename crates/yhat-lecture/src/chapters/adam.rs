//! Adam changes two things. It keeps a running mean of the gradients, so that steps in one direction add up, and
//! divides by a running mean of their size, so that a slight slope still makes a step.
//!
//! From the same start both paths now reach the goal, MSE's among them. So a good optimizer helps on a bad surface.

use yhat::{prelude::*, random};

use crate::{
    Findings,
    chapters::{
        bce::bce_loss,
        mse::mse_loss,
        sgd::{described, record},
    },
};

/// Records both paths with Adam.
pub fn run() -> yhat::Result<Findings> {
    // Three nets have been drawn since `set_seed(43052)`: one in its chapter, two in the recording before this one.
    random::resume_seed(43052, 3);
    let start = [[-3.0], [-1.0]];
    let mse = record(Adam::new(0.1), mse_loss, start)?;
    let bce = record(Adam::new(0.1), bce_loss, start)?;

    let mut findings = Findings::new();
    findings.say(described("MSE", &mse));
    findings.say(described("BCE", &bce));
    findings.number("ex2_mse", mse);
    findings.number("ex2_bce", bce);
    Ok(findings)
}
