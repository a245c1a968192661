//! `yhat lecture`.

use std::{path::PathBuf, time::Instant};

use yhat_lecture::{CHAPTERS, Chapter, Findings, Lang, Line, Report, Result};

use crate::output::Output;

/// Run the course, chapter by chapter, and write what it finds
///
/// Fits every network of the course in order, from a straight line to recordings
/// of Adam, and tells what each chapter found. Writes DIR/numbers.json, which has
/// every number, and DIR/index.html, the course as a page with all its figures, in
/// English and Korean. The same numbers on every run.
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// Where to write; made if it is not there
    #[arg(long, value_name = "DIR", default_value = "out/lecture")]
    out: PathBuf,

    /// Run one chapter and write only what it has
    #[arg(long, value_name = "NAME", value_parser = yhat_lecture::chapter)]
    only: Option<&'static Chapter>,

    /// The language in which the page opens: en or ko
    #[arg(long, value_name = "LANG", default_value = "en")]
    lang: Lang,

    /// Write the numbers and draw nothing
    #[arg(long, conflicts_with = "lang")]
    numbers_only: bool,

    /// List the chapters and run none
    #[arg(long, conflicts_with_all = ["out", "only", "lang", "numbers_only"])]
    list: bool,
}

/// Runs the chapters that are asked for.
pub fn run(args: &Args) -> Result<()> {
    let mut output = Output::new();
    if args.list {
        let width = CHAPTERS.iter().map(|chapter| chapter.name.len()).max().unwrap_or(0);
        CHAPTERS.iter().for_each(|chapter| output.line(format!("{:width$}  {}", chapter.name, chapter.title)));
        return Ok(());
    }
    let chapters = args.only.map_or(CHAPTERS, std::slice::from_ref);
    let started = Instant::now();
    Report::prepare(&args.out)?;
    let mut report = Report::new();
    for (i, chapter) in chapters.iter().enumerate() {
        output.line(format!("{:>2}/{}  {}", i + 1, chapters.len(), chapter.title));
        output.progress(i, chapters.len());
        let findings = chapter.run()?;
        tell(&mut output, &findings);
        report.add(chapter, findings);
    }
    let mut paths = vec![report.write_numbers(&args.out)?.display().to_string()];
    if !args.numbers_only {
        paths.push(report.write_page(&args.out, args.lang)?.display().to_string());
    }
    let seconds = started.elapsed().as_secs_f64();
    output.line(format!("{} in {seconds:.2} s, written to {}", counted(chapters.len()), paths.join(" and ")));
    Ok(())
}

fn tell(output: &mut Output, findings: &Findings) {
    for line in findings.lines() {
        if let Line::Listing(_) = line {
            output.line("");
        }
        line.text().trim_end().lines().for_each(|text| output.line(format!("       {text}").trim_end()));
        if let Line::Listing(_) = line {
            output.line("");
        }
    }
    output.line("");
}

fn counted(chapters: usize) -> String {
    if chapters == 1 { "1 chapter".into() } else { format!("{chapters} chapters") }
}
