//! Colours for heights.

use crate::{Error, Result};

/// A scale of colours from low to high.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colormap {
    /// matplotlib's default: dark blue, green, yellow, as bright as it is high.
    Viridis,
    /// Blue, nearly white, red: for numbers on both sides of a middle.
    Coolwarm,
}

/// Seventeen of matplotlib's 256 colours at even distances; between them, straight lines are off by 2 % at most.
const VIRIDIS: [[u8; 3]; 17] = [
    [68, 1, 84],
    [72, 24, 106],
    [71, 45, 123],
    [66, 64, 134],
    [59, 82, 139],
    [51, 99, 141],
    [44, 114, 142],
    [38, 130, 142],
    [33, 145, 140],
    [31, 160, 136],
    [40, 174, 128],
    [63, 188, 115],
    [94, 201, 98],
    [132, 212, 75],
    [173, 220, 48],
    [216, 226, 25],
    [253, 231, 37],
];
const COOLWARM: [[u8; 3]; 17] = [
    [59, 76, 192],
    [78, 104, 216],
    [98, 130, 234],
    [119, 154, 247],
    [141, 176, 254],
    [163, 194, 254],
    [185, 208, 249],
    [204, 217, 237],
    [221, 220, 220],
    [236, 211, 197],
    [245, 196, 172],
    [247, 176, 147],
    [244, 152, 122],
    [235, 125, 98],
    [221, 95, 75],
    [202, 59, 55],
    [180, 4, 38],
];

impl Colormap {
    /// The scale of a name: `viridis`, `coolwarm`.
    ///
    /// # Errors
    /// If no scale has the name.
    pub fn named(name: &str) -> Result<Colormap> {
        match name {
            "viridis" => Ok(Colormap::Viridis),
            "coolwarm" => Ok(Colormap::Coolwarm),
            _ => Err(Error::unknown("colormap", name, &["viridis", "coolwarm"])),
        }
    }

    pub(crate) fn anchors(self) -> &'static [[u8; 3]; 17] {
        match self {
            Colormap::Viridis => &VIRIDIS,
            Colormap::Coolwarm => &COOLWARM,
        }
    }

    /// Red, green and blue at `t` from 0 (low) to 1 (high).
    ///
    /// ```
    /// use yhat_plot::Colormap;
    /// assert_eq!(Colormap::Viridis.at(0.5), [33, 145, 140]);
    /// ```
    pub fn at(self, t: f64) -> [u8; 3] {
        let anchors = self.anchors();
        let t = t.clamp(0.0, 1.0) * (anchors.len() - 1) as f64;
        let below = (t as usize).min(anchors.len() - 2);
        let part = t - below as f64;
        std::array::from_fn(|c| {
            let (a, b) = (f64::from(anchors[below][c]), f64::from(anchors[below + 1][c]));
            (a + (b - a) * part).round() as u8
        })
    }
}
