//! Figures and animations in a page: plotly.js draws them, a player moves them.

use std::fmt::Write;

use serde_json::Value;

use crate::{
    Animation, Figure, Result,
    artist::{Artist, Shape},
    text::escaped,
    ticks,
};

mod spec;

/// A still picture in a page, for who has no script, is left out where it would be larger than this many bytes.
const STILL: usize = 48 << 10;
/// So many rows of a table of data are shown.
const ROWS: usize = 40;

/// What a page with figures needs once, before the first of them: plotly.js 4.1.1 (its bundle with traces in space),
/// the player's script and style. It is 1.8 MB and loads nothing.
///
/// Figures draw themselves when they come near the window, in the page's theme: `data-theme="dark"` or `"light"` on the
/// root element, or else what the reader's system wants. A page that has colours of its own sets `--yhat-ink`
/// and `--yhat-paper`. `lang="ko"` on the root element makes the player speak Korean. For a page's own script there is
/// `yhatPlot`: `yhatPlot.light(element, id)` lights what was drawn with [`Style::id`](crate::Style::id) and dims the
/// rest, without `id` it ends that; `yhatPlot.show(element, frame)` shows a frame of an animation; the element is a
/// figure's, or its [`id`](Figure::id). A figure tells its frame by the event `yhat-frame`.
///
/// ```
/// assert!(yhat_plot::html::bundle().contains("plotly.js"));
/// ```
pub fn bundle() -> String {
    format!(
        "<style>\n{}</style>\n<script>{}</script>\n<script>\n{}</script>\n",
        include_str!("figure.css"),
        include_str!("../../assets/plotly/plotly-gl3d.min.js"),
        include_str!("figure.js")
    )
}

/// A page of its own around a fragment.
fn page(title: &str, fragment: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{}</title>\n{}</head>\n\
         <body class=\"yhat-page\">\n{fragment}</body>\n</html>\n",
        escaped(title),
        bundle()
    )
}

impl Figure {
    /// The figure as an element of a page that has the [`bundle`]: it can be zoomed, its surfaces turned.
    ///
    /// Without a script, a still picture is there where it is not large; the [alternative text](Figure::alt) always is.
    ///
    /// # Errors
    /// As [`Figure::to_svg`].
    pub fn to_html(&self) -> Result<String> {
        let still = self.to_svg()?;
        Ok(fragment(self, &spec::of(std::slice::from_ref(self), None)?, &still))
    }

    /// A page with the figure alone.
    ///
    /// # Errors
    /// As [`Figure::to_svg`].
    pub fn to_page(&self) -> Result<String> {
        Ok(page(self.name(), &self.to_html()?))
    }

    /// What a page's title may say.
    fn name(&self) -> &str {
        let first = || self.panels.iter().find_map(|(_, panel)| panel.title());
        self.suptitle.as_deref().or_else(first).unwrap_or("Figure")
    }
}

impl Animation {
    /// The animation as an element of a page that has the [`bundle`], with a player: play and pause, steps, first and last,
    /// a slider for all panels, speed, once, loop or there and back; by mouse, finger or keyboard.
    ///
    /// # Errors
    /// As [`Figure::to_svg`], with the frame's number.
    pub fn to_html(&self) -> Result<String> {
        let frames = self.settled()?;
        let still = frames[0].to_svg()?;
        Ok(fragment(&frames[0], &spec::of(&frames, Some(self))?, &still))
    }

    /// A page with the animation alone.
    ///
    /// # Errors
    /// As [`Animation::to_html`].
    pub fn to_page(&self) -> Result<String> {
        Ok(page(self.frames.first().map_or("Animation", Figure::name), &self.to_html()?))
    }
}

fn fragment(figure: &Figure, spec: &Value, still: &str) -> String {
    let id = figure.id.as_ref().map(|id| format!(" id=\"{}\"", escaped(id))).unwrap_or_default();
    let alt = figure.alt.as_deref().unwrap_or_else(|| figure.name());
    let still = if still.len() <= STILL { still } else { "" };
    // Nothing in it may be taken for the end of the script, or for another.
    let data = spec.to_string().replace('<', "\\u003c");
    let mut out = format!(
        "<figure class=\"yhat-figure\"{id} role=\"group\" aria-label=\"{}\">\n\
         <div class=\"yhat-plot\" style=\"aspect-ratio:{}/{}\">{still}</div>\n\
         <noscript><p>{}</p></noscript>\n\
         <script type=\"application/json\">{data}</script>\n",
        escaped(alt),
        figure.width,
        figure.height,
        escaped(alt),
    );
    if figure.table {
        out.push_str(&table(figure));
    }
    out + "</figure>\n"
}

/// The numbers behind a figure, artist by artist, folded away.
fn table(figure: &Figure) -> String {
    let mut out = String::from("<details class=\"yhat-data\"><summary><span lang=\"en\">Data</span></summary>\n");
    for (i, (_, panel)) in figure.panels.iter().enumerate() {
        for (k, artist) in panel.artists().iter().enumerate() {
            let of_panel = match (panel.title(), figure.panels.len()) {
                (Some(title), _) => format!("{title}: "),
                (None, 1) => String::new(),
                (None, _) => format!("panel {}: ", i + 1),
            };
            let name = artist.label.clone().unwrap_or_else(|| format!("series {}", k + 1));
            if let Some((heads, rows)) = rows(artist) {
                out.push_str(&listed(&format!("{of_panel}{name}"), &heads, &rows));
            }
        }
    }
    out + "</details>\n"
}

fn listed(caption: &str, heads: &[&str], rows: &[Vec<f64>]) -> String {
    let mut out = format!("<table><caption>{}</caption><thead><tr>", escaped(caption));
    heads.iter().for_each(|head| out.push_str(&format!("<th scope=\"col\">{head}</th>")));
    out.push_str("</tr></thead><tbody>\n");
    for row in rows.iter().take(ROWS) {
        let cells: String = row.iter().map(|x| format!("<td>{}</td>", digits(*x))).collect();
        let _ = writeln!(out, "<tr>{cells}</tr>");
    }
    if rows.len() > ROWS {
        let _ = writeln!(out, "<tr><td colspan=\"{}\">… {} of {} rows</td></tr>", heads.len(), ROWS, rows.len());
    }
    out + "</tbody></table>\n"
}

/// Five significant digits, a gap as a dash.
fn digits(x: f64) -> String {
    match x {
        _ if !x.is_finite() => "–".into(),
        0.0 => "0".into(),
        _ if (1e-4..1e6).contains(&x.abs()) => {
            let decimals = (4 - x.abs().log10().floor() as i32).max(0) as usize;
            let text = ticks::number(x, decimals);
            if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_string() } else { text }
        }
        _ => format!("{x:.4e}").replace('-', "\u{2212}"),
    }
}

fn rows(artist: &Artist) -> Option<(Vec<&'static str>, Vec<Vec<f64>>)> {
    let zipped = |parts: &[&[f64]]| (0..parts[0].len()).map(|i| parts.iter().map(|part| part[i]).collect()).collect();
    Some(match &artist.shape {
        Shape::Series { x, y } => (vec!["x", "y"], zipped(&[x, y])),
        Shape::Area { x, low, high } => (vec!["x", "from", "to"], zipped(&[x, low, high])),
        Shape::Bars { x, height, .. } => (vec!["x", "height"], zipped(&[x, height])),
        Shape::Series3 { x, y, z } => (vec!["x", "y", "z"], zipped(&[x, y, z])),
        Shape::Contour { grid, .. } | Shape::Surface { grid, .. } => {
            let m = grid.y.len();
            let row = |(k, z): (usize, &f64)| vec![grid.x[k / m], grid.y[k % m], *z];
            (vec!["x", "y", "z"], grid.z.iter().enumerate().map(row).collect())
        }
        Shape::Rule { .. } | Shape::Note { .. } => return None,
    })
}
