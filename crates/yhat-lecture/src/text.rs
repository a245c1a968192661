//! The words of the course. They lie in files of their own, one for each chapter and language, for whoever teaches it.
//!
//! A file begins with a title, `# Solution 3 fails`, and has sections, `## key: Heading` (the heading may be missing).
//! A section belongs to the block of that key in the chapter's page. It is Markdown with formulas between dollar
//! signs; a paragraph that begins with `alt:` is for those who can't see the figure. Numbers come from the run:
//! `{{loss:.4}}` is the value `loss` with four digits, `{{loss:.1e}}` as a power of ten, `{{epochs}}` as it is.

use std::{collections::BTreeMap, fmt, str::FromStr};

use pulldown_cmark::{Event, Options, Parser, html::push_html};
use pulldown_latex::{RenderConfig, Storage, config::DisplayMode, push_mathml};

use crate::{Error, Result};

/// A language of the course.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Korean.
    Ko,
}

impl Lang {
    /// All languages; a page has them all.
    pub const ALL: [Lang; 2] = [Lang::En, Lang::Ko];

    /// Its code: `en`, `ko`.
    pub fn code(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::Ko => "ko",
        }
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Lang {
    type Err = yhat::Error;

    /// ```
    /// use yhat_lecture::Lang;
    /// assert_eq!("ko".parse::<Lang>().unwrap(), Lang::Ko);
    /// assert_eq!("kor".parse::<Lang>().unwrap_err().to_string(), "unknown language 'kor'; did you mean 'ko'?");
    /// ```
    fn from_str(code: &str) -> yhat::Result<Lang> {
        let codes = Lang::ALL.map(Lang::code);
        let found = Lang::ALL.into_iter().find(|lang| lang.code() == code);
        found.ok_or_else(|| yhat::Error::unknown("language", code, &codes))
    }
}

/// What a placeholder stands for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Number(f64),
    Text(String),
}

pub(crate) type Values = BTreeMap<&'static str, Value>;

/// A file of words.
#[derive(Clone, Debug)]
pub(crate) struct Words {
    file: String,
    pub title: String,
    pub sections: Vec<Section>,
}

/// What is said at one place.
#[derive(Clone, Debug)]
pub(crate) struct Section {
    file: String,
    pub key: String,
    pub heading: Option<String>,
    body: String,
    alt: String,
}

impl Words {
    /// Reads a file; `file` is its name in messages.
    pub fn parse(file: &str, text: &str) -> Words {
        let mut words = Words { file: file.to_string(), title: String::new(), sections: Vec::new() };
        let mut parts = text.split("\n## ");
        let head = parts.next().unwrap_or("");
        words.title = head.trim().trim_start_matches('#').trim().to_string();
        for part in parts {
            let (line, body) = part.split_once('\n').unwrap_or((part, ""));
            let (key, heading) = line.split_once(':').unwrap_or((line, ""));
            let heading = Some(heading.trim().to_string()).filter(|heading| !heading.is_empty());
            let (alt, body): (Vec<&str>, Vec<&str>) =
                body.trim().split("\n\n").partition(|paragraph| paragraph.starts_with("alt:"));
            let alt = alt.join(" ").replace("alt:", "").replace('\n', " ").trim().to_string();
            let (file, key, body) = (file.to_string(), key.trim().to_string(), body.join("\n\n"));
            words.sections.push(Section { file, key, heading, body, alt });
        }
        words
    }

    /// The section of this key.
    pub fn section(&self, key: &str) -> Result<&Section> {
        let found = self.sections.iter().find(|section| section.key == key);
        found.ok_or_else(|| Error::text(&self.file, format!("has no section '## {key}'")))
    }
}

impl Section {
    /// The section as HTML.
    pub fn html(&self, values: &Values) -> Result<String> {
        html(&filled(&self.body, values).map_err(|e| self.error(e))?).map_err(|e| self.error(e))
    }

    /// The heading as HTML without a paragraph around it.
    pub fn heading(&self, values: &Values) -> Result<Option<String>> {
        let Some(heading) = &self.heading else { return Ok(None) };
        let html = html(&filled(heading, values).map_err(|e| self.error(e))?).map_err(|e| self.error(e))?;
        Ok(Some(html.trim().trim_start_matches("<p>").trim_end_matches("</p>").to_string()))
    }

    /// What is to be seen, in plain words.
    pub fn alt(&self, values: &Values) -> Result<String> {
        filled(&self.alt, values).map_err(|e| self.error(e))
    }

    fn error(&self, message: String) -> Error {
        Error::text(&self.file, format!("'## {}': {message}", self.key))
    }
}

/// The text with the values in place of their names.
fn filled(text: &str, values: &Values) -> std::result::Result<String, String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("{{") {
        out.push_str(&rest[..at]);
        let formula = out.replace("$$", "$").matches('$').count() % 2 == 1;
        let end = rest[at..].find("}}").ok_or_else(|| format!("'{{{{' without its '}}}}' in '{}'", &rest[at..]))?;
        let (name, format) = rest[at + 2..at + end].split_once(':').unwrap_or((&rest[at + 2..at + end], ""));
        let shown = match values.get(name) {
            Some(Value::Number(x)) => number(*x, format)?,
            Some(Value::Text(text)) if format.is_empty() => text.clone(),
            Some(Value::Text(_)) => {
                return Err(format!("'{name}' is a text and has no digits to set with ':{format}'"));
            }
            None => {
                let names: Vec<&str> = values.keys().copied().collect();
                return Err(yhat::Error::unknown("value", name, &names).to_string());
            }
        };
        out.push_str(&if formula { shown.replace('\u{2212}', "-").replace(',', "{,}") } else { shown });
        rest = &rest[at + end + 2..];
    }
    out.push_str(rest);
    Ok(out)
}

/// A number as it is printed: `.4` with so many digits after the point, `.1e` as a power of ten, else all its digits.
fn number(x: f64, format: &str) -> std::result::Result<String, String> {
    let digits = |format: &str| format.strip_prefix('.').and_then(|digits| digits.parse::<usize>().ok());
    let text = match (format, format.strip_suffix('e')) {
        (_, Some(_)) if x == 0.0 => "0".to_string(),
        ("", _) => grouped(&x.to_string()),
        (_, Some(format)) => {
            let digits = digits(format).ok_or_else(|| format!("unknown format ':{format}e'"))?;
            return Ok(power(&format!("{x:.digits$e}")));
        }
        _ => {
            let digits = digits(format).ok_or_else(|| format!("unknown format ':{format}', known are :.4 and :.1e"))?;
            format!("{x:.digits$}")
        }
    };
    Ok(text.replace('-', "\u{2212}"))
}

/// `11000` as `11,000`.
fn grouped(text: &str) -> String {
    let (whole, fraction) = text.find('.').map_or((text, ""), |at| text.split_at(at));
    let (sign, whole) = whole.strip_prefix('-').map_or(("", whole), |whole| ("-", whole));
    let mut out = String::new();
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) && whole.len() > 3 {
            out.push(',');
        }
        out.push(digit);
    }
    format!("{sign}{out}{fraction}")
}

/// `1.5e-5` as `1.5 x 10^-5`, in true signs.
fn power(text: &str) -> String {
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let raised = exponent.chars().map(|c| match c {
        '-' => '\u{207b}',
        '1' => '\u{b9}',
        '2' => '\u{b2}',
        '3' => '\u{b3}',
        digit => char::from_u32(0x2070 + digit.to_digit(10).unwrap_or(0)).unwrap_or(digit),
    });
    format!("{}\u{a0}\u{d7}\u{a0}10{}", mantissa.replace('-', "\u{2212}"), raised.collect::<String>())
}

/// Markdown with formulas as HTML with MathML.
fn html(markdown: &str) -> std::result::Result<String, String> {
    let options = Options::ENABLE_MATH | Options::ENABLE_TABLES | Options::ENABLE_SMART_PUNCTUATION;
    let mut events = Vec::new();
    for event in Parser::new_ext(markdown, options) {
        events.push(match event {
            Event::InlineMath(tex) => Event::InlineHtml(formula(&tex, DisplayMode::Inline)?.into()),
            Event::DisplayMath(tex) => Event::InlineHtml(formula(&tex, DisplayMode::Block)?.into()),
            Event::Text(text) if text.contains('$') => return Err(format!("a '$' that begins no formula in '{text}'")),
            event => event,
        });
    }
    let mut html = String::new();
    push_html(&mut html, events.into_iter());
    // An empty corner of a table is the head of nothing.
    Ok(held(&html.replace("<th></th>", "<td></td>")))
}

/// Formulas within a line keep what follows them without a space, a comma or a Korean particle, which a browser would let
/// begin the next line.
fn held(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once("<math display=\"inline\"") {
        let Some((formula, after)) = after.split_once("</math>") else { break };
        let marks = after.find(|c: char| c.is_whitespace() || c == '<').unwrap_or(after.len());
        let formula = format!("<math display=\"inline\"{formula}</math>");
        out.push_str(before);
        match marks {
            0 => out.push_str(&formula),
            _ => out.push_str(&format!("<span class=\"held\">{formula}{}</span>", &after[..marks])),
        }
        rest = &after[marks..];
    }
    out + rest
}

/// A formula in LaTeX as MathML; the LaTeX goes with it for those who copy it.
fn formula(tex: &str, display_mode: DisplayMode) -> std::result::Result<String, String> {
    let storage = Storage::new();
    let events: Vec<_> = pulldown_latex::Parser::new(tex, &storage).collect();
    if let Some(Err(error)) = events.iter().find(|event| event.is_err()) {
        return Err(format!("the formula '{tex}': {error}"));
    }
    let mut mathml = String::new();
    let annotation = tex.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let config = RenderConfig { display_mode, annotation: Some(&annotation), ..RenderConfig::default() };
    push_mathml(&mut mathml, events.into_iter(), config).map_err(|error| error.to_string())?;
    // A bare bracket between two tags is none of HTML's.
    Ok(mathml.replace("><</", ">&lt;</").replace(">></", ">&gt;</"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values() -> Values {
        let numbers = [("loss", 0.123456), ("small", -4.77e-5), ("epochs", 11000.0), ("w", -1.5)];
        let mut values: Values = numbers.map(|(name, x)| (name, Value::Number(x))).into();
        values.insert("message", Value::Text("unknown activation".into()));
        values
    }

    fn section(body: &str) -> Section {
        Words::parse("en/x.md", &format!("# T\n\n## k\n\n{body}\n")).section("k").unwrap().clone()
    }

    #[test]
    fn numbers_in_words() {
        let text = "{{loss:.4}} {{small:.1e}} {{epochs}} {{w}} {{message}}";
        let expected = "0.1235 \u{2212}4.8\u{a0}\u{d7}\u{a0}10\u{207b}\u{2075} 11,000 \u{2212}1.5 unknown activation";
        assert_eq!(filled(text, &values()).unwrap(), expected);
        assert_eq!(filled("$x = {{w:.1}}$ and {{w:.1}}", &values()).unwrap(), "$x = -1.5$ and \u{2212}1.5");
    }

    #[test]
    fn a_placeholder_without_a_value_is_an_error() {
        let message = section("The {{los:.4}}.").html(&values()).unwrap_err().to_string();
        assert_eq!(message, "en/x.md: '## k': unknown value 'los'; did you mean 'loss'?");
        for wrong in ["{{loss", "{{loss:4}}", "{{loss:.xe}}", "{{message:.2}}", "{{}}"] {
            assert!(section(wrong).html(&values()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_section_has_words_and_words_for_those_who_do_not_see() {
        let words =
            Words::parse("f", "# The title\n\n## one: A *heading*\n\nText.\n\nalt: Points\nthat rise.\n\n## two\n");
        assert_eq!((words.title.as_str(), words.sections.len()), ("The title", 2));
        let one = words.section("one").unwrap();
        assert_eq!(one.heading(&values()).unwrap().unwrap(), "A <em>heading</em>");
        assert_eq!(one.html(&values()).unwrap(), "<p>Text.</p>\n");
        assert_eq!(one.alt(&values()).unwrap(), "Points that rise.");
        assert!(words.section("three").unwrap_err().to_string().contains("has no section '## three'"));
    }

    #[test]
    fn formulas_are_mathml_and_wrong_ones_errors() {
        let html = section("So $\\hat{y} = \\frac{1}{2}$.").html(&values()).unwrap();
        assert!(html.contains("<math") && html.contains("<mfrac>"), "{html}");
        let html = section("If $x$, then $y$ is $z$.").html(&values()).unwrap();
        assert_eq!(html.matches("<span class=\"held\"><math").count(), 2, "{html}");
        assert!(html.contains("</math>,</span> then <math") && html.ends_with("</math>.</span></p>\n"), "{html}");
        assert!(section("$\\frac{1$").html(&values()).is_err());
        assert!(section("$\\nosuchcommand x$").html(&values()).is_err());
    }
}
