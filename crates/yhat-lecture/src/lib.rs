//! yhat-lecture
