//! What yhat's networks cost, beside loops written by hand and other libraries. `bench/README.md` says how to read it.

mod data;
mod export;
mod growth;
mod hand;
mod limit;
mod machine;
mod memory;
mod options;
mod ours;
mod peers;
mod rounds;
mod side;
mod svg;
mod table;
mod works;

use std::{fs, process::ExitCode};

use limit::Limit;
use machine::Machine;
use options::Options;
use ours::Yhat;
use peers::Peer;
use rounds::{Rounds, Row};
use side::{Result, Side};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words[..] {
        [ours::START] => start(),
        [ours::LECTURE] => lecture(),
        [memory::CHILD, work] => memory::child(work),
        [EPOCHS, work, epochs] => train(work, epochs),
        _ => Options::parse(arguments).and_then(run),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}

/// This program with this argument, a work's name and a number trains for so many epochs: `bench/instructions` counts what
/// that takes.
const EPOCHS: &str = "--epochs";

fn train(work: &str, epochs: &str) -> Result<()> {
    let work = works::all().into_iter().find(|w| w.name == work).ok_or(format!("no work {work}"))?;
    let works::Kind::Train { net } = work.kind else { return Err(format!("{} trains nothing", work.name).into()) };
    let net = works::Training { warm: 0, epochs: epochs.parse()?, ..net };
    println!("{}", ours::start(&net)?);
    Ok(())
}

/// The process that w8 times.
fn start() -> Result<()> {
    println!("{}", ours::start(&works::line("w1", 2, 100, 43053))?);
    Ok(())
}

/// The process that w7 times.
fn lecture() -> Result<()> {
    println!("{}", ours::lecture()?);
    Ok(())
}

fn run(options: Options) -> Result<()> {
    if let Some(folder) = &options.data {
        export::all(folder)?;
    }
    let machine = Machine::here();
    println!("{}", machine.line());
    let mut sides = sides(&options, &machine)?;
    let versions: Vec<_> = sides.iter().map(|side| side.version()).filter(|version| !version.is_empty()).collect();
    println!("{}\n", versions.join(", "));
    let rows = rows(&options, &mut sides)?;
    let growth = if options.wants("growth") { growth::all()? } else { Vec::new() };
    let memory = if options.wants("memory") { memory::all()? } else { Vec::new() };
    if let Some(path) = &options.svg {
        fs::write(path, svg::picture(&growth::panels(&growth)))?;
    }
    if let Some(path) = &options.json {
        let figures = table::figures(&machine, &sides, &rows, &growth, &memory);
        fs::write(path, serde_json::to_string_pretty(&figures)?)?;
    }
    Ok(())
}

/// The table, printed line by line.
fn rows(options: &Options, sides: &mut [Box<dyn Side>]) -> Result<Vec<Row>> {
    let names: Vec<String> = sides.iter().map(|s| s.name().to_string()).collect();
    let rounds = Rounds { seconds: options.seconds, least: 5, most: 101 };
    let works: Vec<_> = works::all().into_iter().filter(|w| options.wants(w.name)).collect();
    if !works.is_empty() {
        println!("{}", table::head(&names));
    }
    let mut rows = Vec::new();
    for work in &works {
        let row = rounds.of(work, sides)?;
        println!("{}", table::line(&row, &names));
        rows.push(row);
    }
    Ok(rows)
}

/// Who does the works: the columns.
fn sides(options: &Options, machine: &Machine) -> Result<Vec<Box<dyn Side>>> {
    let wanted = |name: &str| options.sides.is_empty() || options.sides.iter().any(|side| side == name);
    let ours: [Box<dyn Side>; 2] = [Box::new(Yhat), Box::new(Limit { peak: machine.peak[1] })];
    let mut sides: Vec<_> = ours.into_iter().filter(|side| wanted(side.name())).collect();
    for peer in &options.peers {
        let data = options.data.as_deref().ok_or("--peer needs --data")?;
        sides.push(Box::new(Peer::start(peer, data)?));
    }
    Ok(sides)
}
