//! Figures and animations as files and in notebooks.

use std::{fs, path::Path, sync::Arc};

use crate::{Animation, Error, Figure, Result};

/// What a figure can be saved as.
const FIGURE: &[&str] = &["svg", "html", "txt", "png"];
/// What an animation can be saved as.
const ANIMATION: &[&str] = &["html", "gif"];

/// How wide a figure is as text, in a file and in a REPL.
const COLUMNS: usize = 100;

impl Figure {
    /// Writes the figure to a file whose ending says what it becomes: `.svg`, `.html` (a page of its own), `.txt` (100
    /// columns), `.png` (at twice 100 pixels to the inch; needs the feature `png`).
    ///
    /// ```
    /// use yhat_plot::Figure;
    /// let mut figure = Figure::new();
    /// figure.axes().plot([0.0, 1.0], [0.0, 1.0], "--r");
    /// let path = std::env::temp_dir().join(format!("line-{}.svg", std::process::id()));
    /// figure.save(&path)?;
    /// # assert!(std::fs::read_to_string(&path).is_ok_and(|svg| svg.starts_with("<svg")));
    /// # let _ = std::fs::remove_file(&path);
    /// let error = figure.save("line.pgn").unwrap_err();
    /// assert_eq!(error.to_string(), "unknown kind of file 'pgn'; did you mean 'png'?");
    /// # Ok::<(), yhat_plot::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Figure::to_svg`]; if the ending is another or the file can't be written: what was there is then as it was.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        let path = path.as_ref();
        let bytes = match ending(path).as_str() {
            "svg" => self.to_svg()?.into_bytes(),
            "html" => self.to_page()?.into_bytes(),
            "txt" => self.to_terminal(COLUMNS)?.into_bytes(),
            "png" => self.png()?,
            other => return Err(unknown(other, FIGURE)),
        };
        write(path, &bytes)
    }

    #[cfg(feature = "png")]
    fn png(&self) -> Result<Vec<u8>> {
        self.to_png(2.0)
    }

    #[cfg(not(feature = "png"))]
    fn png(&self) -> Result<Vec<u8>> {
        Err(Error::Render { what: "PNG", message: "yhat-plot was built without its feature png".into() })
    }

    /// Shows the figure in a notebook that runs evcxr, as a still picture, and in evcxr's REPL as text: what their cells call
    /// for their last value.
    ///
    /// A mistake in the figure is shown in its place.
    pub fn evcxr_display(&self) {
        println!("{}", self.notebook_cell());
    }

    /// What [`Figure::evcxr_display`] prints.
    pub fn notebook_cell(&self) -> String {
        cell(self.to_svg(), self.to_terminal(COLUMNS))
    }
}

impl Animation {
    /// Writes the animation to a file whose ending says what it becomes: `.html` (a page of its own), `.gif` (needs the
    /// feature `gif`).
    ///
    /// # Errors
    /// As [`Figure::save`].
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        let path = path.as_ref();
        let bytes = match ending(path).as_str() {
            "html" => self.to_page()?.into_bytes(),
            "gif" => self.gif()?,
            other => return Err(unknown(other, ANIMATION)),
        };
        write(path, &bytes)
    }

    #[cfg(feature = "gif")]
    fn gif(&self) -> Result<Vec<u8>> {
        self.to_gif(1.0)
    }

    #[cfg(not(feature = "gif"))]
    fn gif(&self) -> Result<Vec<u8>> {
        Err(Error::Render { what: "GIF", message: "yhat-plot was built without its feature gif".into() })
    }

    /// Shows the animation in a notebook that runs evcxr, with its player (the cell holds all that it needs, 1.8 MB), and its
    /// last frame in evcxr's REPL.
    ///
    /// A mistake in the animation is shown in its place.
    pub fn evcxr_display(&self) {
        println!("{}", self.notebook_cell());
    }

    /// What [`Animation::evcxr_display`] prints.
    pub fn notebook_cell(&self) -> String {
        // A page within the page, since a notebook's own script may be another plotly.
        let framed = |page: String| {
            let page = page.replace('&', "&amp;").replace('"', "&quot;");
            format!("<iframe srcdoc=\"{page}\" style=\"width:100%;height:760px;border:0\"></iframe>")
        };
        let last = self.settled().and_then(|frames| frames[frames.len() - 1].to_terminal(COLUMNS));
        cell(self.to_page().map(framed), last)
    }
}

/// The same in two forms, by evcxr's convention: a notebook takes the page's, the REPL the text.
fn cell(html: Result<String>, text: Result<String>) -> String {
    let html = html.unwrap_or_else(|error| format!("<pre>{}</pre>", crate::text::escaped(&error.to_string())));
    let text = text.unwrap_or_else(|error| error.to_string());
    let content = |kind: &str, it: &str| format!("EVCXR_BEGIN_CONTENT text/{kind}\n{it}\nEVCXR_END_CONTENT");
    [content("html", &html), content("plain", &text)].join("\n")
}

fn ending(path: &Path) -> String {
    path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default()
}

fn unknown(ending: &str, known: &[&str]) -> Error {
    match ending {
        "" => Error::argument(
            "save(path)",
            format!("a name that ends in .{}", known.join(", .")),
            "one without an ending",
        ),
        _ => Error::unknown("kind of file", ending, known),
    }
}

/// Writes under another name first, so that what is there is whole at every moment.
fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let unfinished = path.with_file_name(format!(".{name}.{}", std::process::id()));
    let written = fs::write(&unfinished, bytes).and_then(|()| fs::rename(&unfinished, path));
    written.map_err(|source| {
        let _ = fs::remove_file(&unfinished);
        Error::Write { path: path.to_path_buf(), source: Arc::new(source) }
    })
}
