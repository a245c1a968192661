//! A diagnosis: findings in order, and their words.

use std::fmt;

use super::{Finding, Kind, Language};

/// What was found, and what could not be.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnosis {
    /// What was found, the most important first: in the order of [`Kind`].
    pub findings: Vec<Finding>,
    /// What was not computed, and why.
    pub unknown: Vec<Finding>,
}

impl Diagnosis {
    /// The most important finding.
    pub fn headline(&self) -> Option<&Finding> {
        self.findings.first()
    }

    /// The finding of this kind, the first if there are several.
    pub fn get(&self, kind: Kind) -> Option<&Finding> {
        self.findings.iter().find(|finding| finding.kind == kind)
    }

    /// The kinds of all findings, in order.
    pub fn kinds(&self) -> Vec<Kind> {
        self.findings.iter().map(|finding| finding.kind).collect()
    }

    /// The diagnosis in words.
    pub fn text(&self, language: Language) -> String {
        let (next, not_computed) = match language {
            Language::English => ("Next: ", "Not computed:"),
            Language::Korean => ("다음: ", "계산하지 않은 것:"),
        };
        let block = |finding: &Finding| {
            let parts = [("", finding.explanation(language)), (next, finding.advice(language))];
            let told = parts.iter().filter(|(_, text)| !text.is_empty());
            let lines: String = told.map(|(name, text)| wrapped(&format!("{name}{text}"), "  ")).collect();
            format!("{}\n{lines}", finding.title(language))
        };
        let mut text: String = self.findings.iter().map(block).collect::<Vec<_>>().join("\n");
        if !self.unknown.is_empty() {
            text += &format!("\n{not_computed}\n");
            for finding in &self.unknown {
                text += &wrapped(&format!("{}: {}", finding.title(language), finding.explanation(language)), "  ");
            }
        }
        text
    }
}

impl fmt::Display for Diagnosis {
    /// [`Diagnosis::text`] in English.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text(Language::English).trim_end())
    }
}

/// Words in lines that a terminal has room for, each begun with `indent`.
fn wrapped(words: &str, indent: &str) -> String {
    const WIDTH: usize = 100;
    // Letters of East Asia take two places.
    let width = |word: &str| word.chars().map(|c| if c < '\u{1100}' { 1 } else { 2 }).sum::<usize>();
    let (mut text, mut used) = (indent.to_string(), indent.len());
    for (i, word) in words.split(' ').enumerate() {
        if i > 0 && used + 1 + width(word) > WIDTH {
            text += &format!("\n{indent}");
            used = indent.len();
        } else if i > 0 {
            text.push(' ');
            used += 1;
        }
        text += word;
        used += width(word);
    }
    text + "\n"
}
