//! Figures as PNG: the SVG, rendered by `resvg`.

use std::sync::{Arc, OnceLock};

use resvg::{tiny_skia::Pixmap, usvg};

use crate::{Error, Figure, Result, Theme, layout};

/// The face that is always there; the system's are for what it lacks, as Hangul.
const FACE: &[u8] = include_bytes!("../assets/dejavu/DejaVuSans-subset.ttf");

impl Figure {
    /// The figure as a PNG file on white paper. At scale 1 an inch is 100 pixels, as matplotlib has it; 2 is for sharp
    /// screens, 3 for print.
    ///
    /// ```
    /// use yhat_plot::Figure;
    /// let mut figure = Figure::new();
    /// figure.axes().plot([0.0, 1.0], [0.0, 1.0], "--r");
    /// let png = figure.to_png(2.0)?;
    /// assert_eq!(&png[1..4], b"PNG");
    /// # Ok::<(), yhat_plot::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Figure::to_svg`]; if `scale` is not above 0 and at most 20.
    pub fn to_png(&self, scale: f64) -> Result<Vec<u8>> {
        possible("to_png(scale)", scale)?;
        let pixmap = pixels(self, scale)?;
        pixmap.encode_png().map_err(|error| Error::Render { what: "PNG", message: error.to_string() })
    }
}

/// Whether a picture can be so many times 100 pixels to the inch.
pub(crate) fn possible(call: &'static str, scale: f64) -> Result<()> {
    match scale > 0.0 && scale <= 20.0 {
        true => Ok(()),
        false => Err(Error::argument(call, "a number above 0, at most 20", scale)),
    }
}

/// The figure's pixels on white paper.
pub(crate) fn pixels(figure: &Figure, scale: f64) -> Result<Pixmap> {
    let svg = figure.to_svg_on(Theme::Light)?;
    let failed = |message: String| Error::Render { what: "PNG", message };
    let tree = usvg::Tree::from_str(&svg, options()).map_err(|error| failed(error.to_string()))?;
    let side = |points: f64| (points / 72.0 * 100.0 * scale).round().max(1.0) as u32;
    let (width, height) = layout::points(figure);
    let mut pixmap =
        Pixmap::new(side(width), side(height)).ok_or_else(|| failed("no room for so many pixels".into()))?;
    // usvg counts in CSS pixels, 96 to the inch.
    let zoom = (100.0 / 96.0 * scale) as f32;
    resvg::render(&tree, resvg::tiny_skia::Transform::from_scale(zoom, zoom), &mut pixmap.as_mut());
    Ok(pixmap)
}

/// The fonts, found once.
fn options() -> &'static usvg::Options<'static> {
    static OPTIONS: OnceLock<usvg::Options> = OnceLock::new();
    OPTIONS.get_or_init(|| {
        let mut fonts = usvg::fontdb::Database::new();
        fonts.load_font_data(FACE.to_vec());
        fonts.load_system_fonts();
        fonts.set_sans_serif_family("DejaVu Sans");
        let font_resolver = usvg::FontResolver { select_fallback: sans_fallback(), ..usvg::FontResolver::default() };
        let font_family = "DejaVu Sans".into();
        usvg::Options { fontdb: Arc::new(fonts), font_family, font_resolver, ..usvg::Options::default() }
    })
}

/// The first face that has a character and is neither serif nor mono, or else the first.
fn sans_fallback() -> usvg::FallbackSelectionFn<'static> {
    let next = usvg::FontResolver::default_fallback_selector();
    Box::new(move |c, tried, fonts| {
        let first = next(c, tried, fonts)?;
        let mut passed = tried.to_vec();
        let mut found = first;
        loop {
            let plain = |name: &str| !name.contains("Serif") && !name.contains("Mono");
            if fonts.face(found).is_some_and(|face| face.families.iter().all(|(name, _)| plain(name))) {
                return Some(found);
            }
            passed.push(found);
            match next(c, &passed, fonts) {
                Some(other) => found = other,
                None => return Some(first),
            }
        }
    })
}
