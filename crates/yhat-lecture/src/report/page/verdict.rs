//! A verdict on a network as HTML: each finding in all languages, with its advice and its evidence.

use std::fmt::Write;

use yhat::{Diagnosis, Finding, diagnose::Language};

use super::{Texts, escaped, in_each};
use crate::{Lang, Result};

/// All findings, and below them what was not computed.
pub fn html(frame: &Texts, diagnosis: &Diagnosis) -> Result<String> {
    let mut html = String::from("<div class=\"verdict\">\n");
    for finding in &diagnosis.findings {
        html.push_str(&found(frame, finding)?);
    }
    if !diagnosis.unknown.is_empty() {
        let _ = writeln!(html, "<details><summary>{}</summary><ul>", frame.inline("not_computed")?);
        for finding in &diagnosis.unknown {
            let say = |lang| {
                let language = language(lang);
                Ok(escaped(&format!("{}: {}", finding.title(language), finding.explanation(language))))
            };
            let _ = writeln!(html, "<li>{}</li>", in_each(say)?);
        }
        html.push_str("</ul></details>\n");
    }
    Ok(html + "</div>\n")
}

fn found(frame: &Texts, finding: &Finding) -> Result<String> {
    let title = in_each(|lang| Ok(escaped(&finding.title(language(lang)))))?;
    let explanation = in_each(|lang| Ok(escaped(&finding.explanation(language(lang)))))?;
    let advice = in_each(|lang| Ok(escaped(&finding.advice(language(lang)))))?;
    let (next, evidence) = (frame.inline("next")?, frame.inline("evidence")?);
    let told = Lang::ALL.map(|lang| finding.told(language(lang)));
    let row = |i: usize| -> Result<String> {
        let name = in_each(|lang| Ok(escaped(&told[lang as usize][i].0)))?;
        // Most values are numbers, which are the same in every language.
        let value = match told[0][i].1 == told[1][i].1 {
            true => escaped(&told[0][i].1),
            false => in_each(|lang| Ok(escaped(&told[lang as usize][i].1)))?,
        };
        Ok(format!("<tr><td>{name}</td><td>{value}</td></tr>"))
    };
    let rows = (0..finding.evidence.len()).map(row).collect::<Result<String>>()?;
    Ok(format!(
        "<div class=\"finding\" data-kind=\"{}\">\n<h4>{title}</h4>\n<p>{explanation}</p>\n<p><strong>{next}</strong> {advice}</p>\n\
         <details><summary>{evidence}</summary><table class=\"numbers\"><tbody>{rows}</tbody></table></details>\n</div>\n",
        finding.kind.id()
    ))
}

fn language(lang: Lang) -> Language {
    match lang {
        Lang::En => Language::English,
        Lang::Ko => Language::Korean,
    }
}
