//! yhat-tensor

pub mod random;
