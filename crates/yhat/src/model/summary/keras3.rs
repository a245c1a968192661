//! The table of Keras 3.

use std::fmt;

use super::Summary;

pub(super) fn write(_: &Summary, _: &mut fmt::Formatter<'_>) -> fmt::Result {
    Ok(())
}
