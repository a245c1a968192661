//! The report as a page: one file that needs nothing beside itself.
//!
//! All languages are in it; the attribute `lang` of the root says which one is shown.

use std::fmt::Write;

use super::Report;
use crate::{
    Chapter, Findings, Lang, Page, Result,
    text::{Section, Value, Values, Words},
};

mod block;
mod code;
mod numbers;
mod verdict;

/// The words of the page itself, and those that chapters share, in the order of [`Lang::ALL`].
const FRAME: [&str; 2] = [include_str!("../../../text/en/page.md"), include_str!("../../../text/ko/page.md")];
const COMMON: [&str; 2] = [include_str!("../../../text/en/common.md"), include_str!("../../../text/ko/common.md")];

/// The page with `lang` shown at first.
pub fn html(report: &Report, lang: Lang) -> Result<String> {
    let frame = Texts::frame();
    let mut contents = String::new();
    let mut chapters = String::new();
    for (number, (chapter, findings)) in report.parts().iter().enumerate() {
        let texts = Texts::of(chapter);
        let name = chapter.name;
        let title = texts.title(chapter);
        let _ = writeln!(contents, "<li><a href=\"#{name}\">{title}</a></li>");
        let _ = writeln!(chapters, "<section class=\"chapter\" id=\"{name}\" aria-labelledby=\"{name}-title\">");
        let _ = writeln!(chapters, "<h2 id=\"{name}-title\"><span class=\"count\">{}</span> {title}</h2>", number + 1);
        chapters.push_str(&chapter_html(&frame, &texts, chapter, findings)?);
        chapters.push_str("</section>\n");
    }
    let values = Values::from([("version", Value::Text(env!("CARGO_PKG_VERSION").into()))]);
    let said = |key: &str| frame.block(key, &values);
    let mut page = include_str!("page.html").to_string();
    let parts: [(&str, String); 15] = [
        ("{lang}", lang.code().to_string()),
        ("{title}", escaped(&frame.words[lang as usize].title)),
        ("{heading}", in_each(|lang| Ok(frame.words[lang as usize].title.clone()))?),
        ("{style}", include_str!("style.css").to_string()),
        ("{math_font}", include_str!("../../../assets/math.woff2.base64").replace('\n', "")),
        ("{bundle}", yhat_plot::html::bundle()),
        ("{skip}", frame.inline("skip")?),
        ("{contents_label}", frame.inline("contents")?),
        ("{language}", frame.inline("language")?),
        ("{theme}", frame.inline("theme_button")?),
        ("{intro}", said("intro")?),
        ("{made}", said("made")?),
        ("{script}", include_str!("script.js").to_string()),
        ("{contents}", contents),
        ("{chapters}", chapters),
    ];
    for (place, part) in parts {
        page = page.replacen(place, &part, 1);
    }
    Ok(page)
}

/// A chapter's blocks in order, then its whole source and its numbers.
fn chapter_html(frame: &Texts, texts: &Texts, chapter: &Chapter, findings: &Findings) -> Result<String> {
    let page: Page = chapter.page(findings)?;
    let mut html = String::new();
    for (key, block) in page.blocks() {
        let place = block::Place { frame, texts, chapter, key, values: &page.values };
        html.push_str(&place.html(block)?);
    }
    let whole = format!("<pre class=\"source\" tabindex=\"0\">{}</pre>", escaped(chapter.code()));
    let _ = writeln!(html, "<details class=\"whole\"><summary>{}</summary>{whole}</details>", frame.inline("whole")?);
    if !findings.numbers().is_empty() {
        let (summary, table) = (frame.inline("all_numbers")?, numbers::table(findings));
        let _ = writeln!(html, "<details class=\"whole\"><summary>{summary}</summary>{table}</details>");
    }
    Ok(html)
}

/// The same words in all languages.
pub struct Texts {
    words: [Words; 2],
    common: [Words; 2],
}

impl Texts {
    fn frame() -> Texts {
        let words = Lang::ALL.map(|lang| Words::parse(&format!("{lang}/page.md"), FRAME[lang as usize]));
        Texts { common: words.clone(), words }
    }

    fn of(chapter: &Chapter) -> Texts {
        let common = Lang::ALL.map(|lang| Words::parse(&format!("{lang}/common.md"), COMMON[lang as usize]));
        Texts { words: Lang::ALL.map(|lang| chapter.words(lang)), common }
    }

    fn title(&self, chapter: &Chapter) -> String {
        let korean = &self.words[Lang::Ko as usize].title;
        format!("<span lang=\"en\">{}</span><span lang=\"ko\">{}</span>", escaped(chapter.title), escaped(korean))
    }

    fn section(&self, lang: Lang, key: &str) -> Result<&Section> {
        let (own, common) = (&self.words[lang as usize], &self.common[lang as usize]);
        own.section(key).or_else(|missing| common.section(key).map_err(|_| missing))
    }

    /// A section as blocks.
    pub fn block(&self, key: &str, values: &Values) -> Result<String> {
        let mut html = String::new();
        for lang in Lang::ALL {
            let text = self.section(lang, key)?.html(values)?;
            if !text.is_empty() {
                let _ = writeln!(html, "<div lang=\"{lang}\">{}</div>", text.trim());
            }
        }
        Ok(html)
    }

    /// A section of one paragraph without values, within a line.
    pub fn inline(&self, key: &str) -> Result<String> {
        in_each(|lang| {
            let html = self.section(lang, key)?.html(&Values::new())?;
            Ok(html.trim().trim_start_matches("<p>").trim_end_matches("</p>").to_string())
        })
    }

    /// The heading of a section, if it has one.
    pub fn heading(&self, key: &str, values: &Values) -> Result<String> {
        let mut html = String::new();
        for lang in Lang::ALL {
            if let Some(heading) = self.section(lang, key)?.heading(values)? {
                let _ = writeln!(html, "<h3 lang=\"{lang}\">{heading}</h3>");
            }
        }
        Ok(html)
    }

    /// What is to be seen in a figure, in the language that pages have before their script runs.
    pub fn first_alt(&self, key: &str, values: &Values) -> Result<String> {
        self.section(Lang::En, key)?.alt(values)
    }

    /// What is to be seen in a figure, for those who can't see it.
    pub fn alt(&self, key: &str, values: &Values) -> Result<String> {
        let mut html = String::new();
        for lang in Lang::ALL {
            let alt = escaped(&self.section(lang, key)?.alt(values)?);
            let _ = write!(html, "<p class=\"seen\" hidden lang=\"{lang}\">{alt}</p>");
        }
        Ok(html)
    }
}

/// A piece of a line in each language.
fn in_each(text: impl Fn(Lang) -> Result<String>) -> Result<String> {
    let spans: Result<Vec<String>> =
        Lang::ALL.map(|lang| Ok(format!("<span lang=\"{lang}\">{}</span>", text(lang)?))).into_iter().collect();
    Ok(spans?.concat())
}

pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
