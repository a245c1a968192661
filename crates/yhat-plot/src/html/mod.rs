//! Figures and animations in a page: plotly.js draws them, a player moves them.

use serde_json::Value;

use crate::{Animation, Figure, Result, text::escaped};

mod spec;
mod table;

/// The page's own script: what a figure becomes, how it is drawn, and who asks for it.
const SCRIPT: [&str; 5] = [
    include_str!("script/words.js"),
    include_str!("script/describe.js"),
    include_str!("script/draw.js"),
    include_str!("script/player.js"),
    include_str!("script/page.js"),
];
/// A still picture in a page, for who has no script, is left out where it would be larger than this many bytes.
const STILL: usize = 48 << 10;

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
        "<style>\n{}</style>\n<script>{}</script>\n<script>\nconst yhatPlot = (() => {{\n'use strict';\n{}return api;\n}})();\n</script>\n",
        include_str!("figure.css"),
        include_str!("../../assets/plotly/plotly-gl3d.min.js"),
        SCRIPT.concat()
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
        let still = self.unnamed()?;
        Ok(fragment(self, &spec::of(std::slice::from_ref(self), None)?, &still))
    }

    /// A page with the figure alone.
    ///
    /// # Errors
    /// As [`Figure::to_svg`].
    pub fn to_page(&self) -> Result<String> {
        Ok(page(self.name(), &self.to_html()?))
    }

    /// The figure as a picture within an element that says what is seen.
    fn unnamed(&self) -> Result<String> {
        let mut figure = self.clone();
        figure.alt = None;
        figure.to_svg()
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
        let still = frames[0].unnamed()?;
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
    let alt = escaped(figure.alt.as_deref().unwrap_or_else(|| figure.name()));
    let still = if still.len() <= STILL { still.to_string() } else { format!("<noscript><p>{alt}</p></noscript>") };
    // Nothing in it may be taken for the end of the script, or for another.
    let data = spec.to_string().replace('<', "\\u003c");
    let mut out = format!(
        "<div class=\"yhat-figure\"{id}>\n\
         <div class=\"yhat-plot\" style=\"aspect-ratio:{}/{}\" role=\"img\" aria-label=\"{alt}\">{still}</div>\n\
         <script type=\"application/json\">{data}</script>\n",
        figure.width, figure.height,
    );
    if figure.table {
        out.push_str(&table::of(figure));
    }
    out + "</div>\n"
}
