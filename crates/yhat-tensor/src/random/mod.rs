//! Random streams that agree with the reference libraries in every bit.

mod binomial;
mod mt19937;
mod random_state;

pub use mt19937::{InvalidState, Mt19937};
pub use random_state::RandomState;
