//! Pictures of what a sweep, a landscape and a decomposition found.

mod decomposition;
mod landscape;
mod sweep;

pub use decomposition::decomposition;
pub use landscape::{landscape, landscape_animation};
pub use sweep::sweep;
