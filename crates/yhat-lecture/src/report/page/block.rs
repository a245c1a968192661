//! One block of a chapter as HTML.

use std::fmt::Write;

use yhat_plot::{Animation, Figure, diagram::Diagram};

use super::{Texts, code, escaped, verdict};
use crate::{Block, Chapter, Error, Result, text::Values};

/// Where a block stands and what is said of it.
pub struct Place<'a> {
    pub frame: &'a Texts,
    pub texts: &'a Texts,
    pub chapter: &'a Chapter,
    pub key: &'static str,
    pub values: &'a Values,
}

impl Place<'_> {
    pub fn html(&self, block: &Block) -> Result<String> {
        let heading = self.texts.heading(self.key, self.values)?;
        let words = self.texts.block(self.key, self.values)?;
        let html = match block {
            Block::Text => format!("<div class=\"text\">{words}</div>\n"),
            Block::Code => format!("<div class=\"lead\">{words}</div>\n{}", self.code(&self.region()?)?),
            Block::Output(printed) => self.output(&words, printed),
            Block::Table(rows) => format!("<div class=\"lead\">{words}</div>\n{}", table(rows)),
            Block::Figure(figure) => self.figure(&words, figure)?,
            Block::Animation(animation) => self.animation(&words, animation)?,
            Block::Diagram(diagram) => self.diagram(&words, diagram)?,
            Block::Verdict(diagnosis) => {
                let (id, code) = (self.id(), self.code(&self.region()?)?);
                format!(
                    "<div class=\"lead\" id=\"{id}\">{words}</div>\n{code}{}",
                    verdict::html(self.frame, diagnosis)?
                )
            }
        };
        Ok(heading + &html)
    }

    fn id(&self) -> String {
        format!("{}-{}", self.chapter.name, self.key)
    }

    fn region(&self) -> Result<String> {
        let missing =
            || Error::text(&format!("{}.rs", self.chapter.name), format!("has no region '// [{}]'", self.key));
        self.chapter.region(self.key).ok_or_else(missing)
    }

    /// A piece of the source, and beside it the same for Keras, where there is such.
    fn code(&self, rust: &str) -> Result<String> {
        let Some(keras) = self.chapter.keras(self.key) else {
            return Ok(format!("<div class=\"code\">{}</div>\n", code::rust(rust)));
        };
        let id = format!("{}-code", self.id());
        let (mut tabs, mut panels) = (String::new(), String::new());
        for (name, code, chosen) in [("yhat", code::rust(rust), true), ("keras", code::python(&keras), false)] {
            let (label, tabindex) = (self.frame.inline(name)?, if chosen { 0 } else { -1 });
            let _ = write!(
                tabs,
                "<button type=\"button\" role=\"tab\" id=\"{id}-{name}-tab\" data-code=\"{name}\" \
                 aria-selected=\"{chosen}\" aria-controls=\"{id}-{name}\" tabindex=\"{tabindex}\">{label}</button>"
            );
            let hidden = if chosen { "" } else { " hidden" };
            let _ = write!(
                panels,
                "<div role=\"tabpanel\" id=\"{id}-{name}\" data-code=\"{name}\" aria-labelledby=\"{id}-{name}-tab\"{hidden}>{code}</div>"
            );
        }
        Ok(format!("<div class=\"code tabbed\"><div class=\"tabs\" role=\"tablist\">{tabs}</div>{panels}</div>\n"))
    }

    fn output(&self, words: &str, printed: &str) -> String {
        let label = self.id();
        // A sentence is broken where a table may not be.
        let class = if printed.trim().contains('\n') { "output" } else { "output sentence" };
        format!(
            "<div class=\"lead\" id=\"{label}\">{words}</div>\n<pre class=\"{class}\" tabindex=\"0\" role=\"group\" aria-labelledby=\"{label}\">{}</pre>\n",
            escaped(printed.trim_end())
        )
    }

    fn figure(&self, words: &str, figure: &Figure) -> Result<String> {
        let alt = self.texts.first_alt(self.key, self.values)?;
        let drawn = figure.clone().alt(alt).data_table().to_html().map_err(|source| self.error(source))?;
        let drawn = drawn.replace("<span lang=\"en\">Data</span>", &self.frame.inline("numbers")?);
        // A figure of several panels needs all the room there is.
        let class = if drawn.matches("\"axes\":").count() > 1 { "plot wide" } else { "plot" };
        self.framed(class, &drawn, words, true)
    }

    fn animation(&self, words: &str, animation: &Animation) -> Result<String> {
        let alt = self.texts.first_alt(self.key, self.values)?;
        let player = animation.clone().alt(alt).to_html().map_err(|source| self.error(source))?;
        self.framed("player", &player, words, true)
    }

    fn diagram(&self, words: &str, diagram: &Diagram) -> Result<String> {
        let dot = format!(
            "<details><summary>{}</summary><pre class=\"output\" tabindex=\"0\">{}</pre></details>",
            self.frame.inline("dot")?,
            escaped(&diagram.dot())
        );
        self.framed("network", &diagram.svg(), words, false).map(|html| html.replace("</figure>", &(dot + "</figure>")))
    }

    /// A drawing with its caption, its words for those who can't see it, and the code that draws it.
    fn framed(&self, class: &str, drawing: &str, words: &str, drawn: bool) -> Result<String> {
        let mut html =
            format!("<figure class=\"{class}\" id=\"{}\">\n<div class=\"drawing\">{drawing}</div>\n", self.id());
        html.push_str(&self.texts.alt(self.key, self.values)?);
        let _ = write!(html, "<figcaption>{words}</figcaption>");
        if let (true, Some(function)) = (drawn, self.chapter.function(self.key)) {
            let code = self.code(function)?;
            let _ = write!(html, "<details><summary>{}</summary>{code}</details>", self.frame.inline("drawn_by")?);
        }
        Ok(html + "</figure>\n")
    }

    fn error(&self, source: yhat_plot::Error) -> Error {
        Error::Figure { chapter: self.chapter.name, figure: self.key, source }
    }
}

fn table(rows: &[Vec<String>]) -> String {
    let row = |cells: &Vec<String>, tag: &str| {
        // The corner above names and beside names is the head of nothing.
        let tag = |cell: &str| if cell.is_empty() { "td" } else { tag };
        let cells: String = cells.iter().map(|cell| format!("<{0}>{1}</{0}>", tag(cell), escaped(cell))).collect();
        format!("<tr>{cells}</tr>\n")
    };
    let Some((head, body)) = rows.split_first() else { return String::new() };
    let body: String = body.iter().map(|cells| row(cells, "td")).collect();
    format!("<div class=\"scroll\"><table><thead>{}</thead><tbody>{body}</tbody></table></div>\n", row(head, "th"))
}
