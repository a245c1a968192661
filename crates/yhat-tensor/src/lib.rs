//! yhat-tensor
