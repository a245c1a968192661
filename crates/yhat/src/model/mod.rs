//! The net: layers in a row, compiled with an optimizer and a loss, fit to data.

mod checks;
mod compile;
mod data;
mod evaluate;
mod fit;
mod formula;
mod history;
mod logs;
mod loss_at;
mod net;
mod options;
mod predict;
mod progress;
mod sequential;
mod steps;
mod summary;
mod traced;
mod training;

pub(crate) use fit::said;
pub use history::{History, Params};
pub use logs::Logs;
pub use options::{Fit, Verbose};
pub(crate) use progress::{bar, duration};
pub use sequential::Sequential;
pub use summary::Summary;
pub(crate) use traced::Traced;
pub use training::Training;
