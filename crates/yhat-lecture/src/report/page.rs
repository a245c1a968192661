//! The report as a page: text, numbers and code, without a script and without another file.

use std::fmt::Write;

use yhat::Array;

use super::Report;
use crate::{Chapter, Findings, Line, Number};

/// Arrays with more elements than this are shown by their shape.
const SHOWN: usize = 8;

pub fn html(report: &Report) -> String {
    let mut contents = String::new();
    let mut chapters = String::new();
    for (chapter, findings) in &report.parts {
        let (name, title) = (chapter.name, escaped(chapter.title));
        let first = findings.lines().iter().find(|line| matches!(line, Line::Text(_))).map_or("", Line::text);
        let _ = writeln!(contents, "<tr><td><a href=\"#{name}\">{title}</a></td><td>{}</td></tr>", escaped(first));
        chapters.push_str(&section(chapter, findings));
    }
    include_str!("page.html").replace("{contents}", contents.trim_end()).replace("{chapters}", chapters.trim_end())
}

fn section(chapter: &Chapter, findings: &Findings) -> String {
    let mut html = format!("<section id=\"{}\">\n<h2>{}</h2>\n", chapter.name, escaped(chapter.title));
    for paragraph in chapter.prose() {
        let _ = writeln!(html, "<p>{}</p>", escaped(&paragraph));
    }
    let _ = writeln!(html, "<div class=\"found\">");
    for line in findings.lines() {
        let _ = match line {
            Line::Text(text) => writeln!(html, "<p>{}</p>", escaped(text)),
            Line::Listing(text) => writeln!(html, "<pre>{}</pre>", escaped(text.trim_end())),
        };
    }
    let _ = writeln!(html, "</div>");
    html.push_str(&numbers(findings));
    let _ = writeln!(html, "<details><summary>The code</summary>\n<pre>{}</pre>\n</details>", escaped(chapter.code()));
    html + "</section>\n"
}

fn numbers(findings: &Findings) -> String {
    if findings.numbers().is_empty() {
        return String::new();
    }
    let rows: String = findings
        .numbers()
        .iter()
        .map(|(key, number)| format!("<tr><td><code>{key}</code></td><td>{}</td></tr>\n", escaped(&shown(number))))
        .collect();
    format!("<details><summary>The numbers</summary>\n<table class=\"numbers\">\n{rows}</table>\n</details>\n")
}

fn shown(number: &Number) -> String {
    number.arrays().iter().map(shown_array).collect::<Vec<_>>().join("; ")
}

fn shown_array(array: &Array) -> String {
    match array.size() {
        n if n <= SHOWN => array.to_vec().iter().map(f64::to_string).collect::<Vec<_>>().join(", "),
        _ => format!("{} numbers, shape {}", array.size(), array.shape()),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
