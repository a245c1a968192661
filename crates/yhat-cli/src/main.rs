//! The yhat command.
fn main() {}
