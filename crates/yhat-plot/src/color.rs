//! Colours by the names that matplotlib knows them by.

use crate::{Error, Result};

/// A colour that follows the page's theme (ink, paper) or is itself everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Color {
    /// What text and axes are drawn in: black on a light page, nearly white on a dark one.
    Ink,
    /// What everything is drawn on.
    Paper,
    /// Red, green, blue.
    Rgb(u8, u8, u8),
}

/// matplotlib's default cycle of colours, `tab:blue` to `tab:cyan`.
const CYCLE: [(&str, Color); 10] = [
    ("tab:blue", Color::Rgb(0x1f, 0x77, 0xb4)),
    ("tab:orange", Color::Rgb(0xff, 0x7f, 0x0e)),
    ("tab:green", Color::Rgb(0x2c, 0xa0, 0x2c)),
    ("tab:red", Color::Rgb(0xd6, 0x27, 0x28)),
    ("tab:purple", Color::Rgb(0x94, 0x67, 0xbd)),
    ("tab:brown", Color::Rgb(0x8c, 0x56, 0x4b)),
    ("tab:pink", Color::Rgb(0xe3, 0x77, 0xc2)),
    ("tab:gray", Color::Rgb(0x7f, 0x7f, 0x7f)),
    ("tab:olive", Color::Rgb(0xbc, 0xbd, 0x22)),
    ("tab:cyan", Color::Rgb(0x17, 0xbe, 0xcf)),
];

/// The eight letters of short styles, and the commonest of CSS's names.
const NAMED: [(&str, Color); 28] = [
    ("b", Color::Rgb(0, 0, 255)),
    ("g", Color::Rgb(0, 128, 0)),
    ("r", Color::Rgb(255, 0, 0)),
    ("c", Color::Rgb(0, 191, 191)),
    ("m", Color::Rgb(191, 0, 191)),
    ("y", Color::Rgb(191, 191, 0)),
    ("k", Color::Ink),
    ("w", Color::Paper),
    ("blue", Color::Rgb(0, 0, 255)),
    ("green", Color::Rgb(0, 128, 0)),
    ("red", Color::Rgb(255, 0, 0)),
    ("cyan", Color::Rgb(0, 255, 255)),
    ("magenta", Color::Rgb(255, 0, 255)),
    ("yellow", Color::Rgb(255, 255, 0)),
    ("black", Color::Ink),
    ("white", Color::Paper),
    ("gray", Color::Rgb(128, 128, 128)),
    ("grey", Color::Rgb(128, 128, 128)),
    ("lightgray", Color::Rgb(211, 211, 211)),
    ("lightgrey", Color::Rgb(211, 211, 211)),
    ("orange", Color::Rgb(255, 165, 0)),
    ("purple", Color::Rgb(128, 0, 128)),
    ("brown", Color::Rgb(165, 42, 42)),
    ("pink", Color::Rgb(255, 192, 203)),
    ("olive", Color::Rgb(128, 128, 0)),
    ("navy", Color::Rgb(0, 0, 128)),
    ("teal", Color::Rgb(0, 128, 128)),
    ("steelblue", Color::Rgb(70, 130, 180)),
];

impl Color {
    /// A colour by name: `r`, `red`, `tab:red`, `C3` (the fourth of the cycle), `#d62728`.
    ///
    /// ```
    /// use yhat_plot::Color;
    /// assert_eq!(Color::named("C3")?, Color::named("tab:red")?);
    /// assert_eq!(Color::named("#d62728")?, Color::Rgb(0xd6, 0x27, 0x28));
    /// let error = Color::named("stealblue").unwrap_err();
    /// assert_eq!(error.to_string(), "unknown color 'stealblue'; did you mean 'steelblue'?");
    /// # Ok::<(), yhat_plot::Error>(())
    /// ```
    ///
    /// # Errors
    /// If no colour has the name.
    pub fn named(name: &str) -> Result<Color> {
        let known = || NAMED.iter().chain(&CYCLE);
        known()
            .find(|(known, _)| *known == name)
            .map(|(_, color)| *color)
            .or_else(|| hex(name))
            .or_else(|| Some(Color::cycle(name.strip_prefix('C')?.parse().ok()?)))
            .ok_or_else(|| Error::unknown("color", name, &known().map(|(known, _)| *known).collect::<Vec<_>>()))
    }

    /// The `i`-th colour of the default cycle, which begins anew after ten.
    pub fn cycle(i: usize) -> Color {
        CYCLE[i % CYCLE.len()].1
    }

    /// Red, green and blue on white paper.
    pub fn rgb(self) -> [u8; 3] {
        match self {
            Color::Ink => [0, 0, 0],
            Color::Paper => [255, 255, 255],
            Color::Rgb(r, g, b) => [r, g, b],
        }
    }

    /// Red, green and blue on dark paper: what is too dark to be seen there is lightened, its hue stays.
    pub fn rgb_on_dark(self) -> [u8; 3] {
        let Color::Rgb(r, g, b) = self else {
            return if self == Color::Ink { [228, 231, 236] } else { [21, 24, 29] };
        };
        // Perceived lightness by Rec. 709's weights; pure blue has 0.07, tab:blue 0.42.
        let luma = (0.2126 * f64::from(r) + 0.7152 * f64::from(g) + 0.0722 * f64::from(b)) / 255.0;
        let lift = ((0.42 - luma) / (1.0 - luma)).max(0.0);
        [r, g, b].map(|c| (f64::from(c) + (255.0 - f64::from(c)) * lift).round() as u8)
    }

    /// `#rrggbb` on white paper.
    pub fn hex(self) -> String {
        let [r, g, b] = self.rgb();
        format!("#{r:02x}{g:02x}{b:02x}")
    }
}

fn hex(name: &str) -> Option<Color> {
    let digits = name.strip_prefix('#').filter(|d| d.len() == 6 && d.is_ascii())?;
    let byte = |i: usize| u8::from_str_radix(&digits[i..i + 2], 16).ok();
    Some(Color::Rgb(byte(0)?, byte(2)?, byte(4)?))
}
