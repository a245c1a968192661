//! yhat
