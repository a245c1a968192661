//! What yhat's networks cost, beside loops written by hand and other libraries. `bench/README.md` says how to read it.

mod data;
mod hand;
mod limit;
mod machine;
mod options;
mod ours;
mod rounds;
mod side;
mod table;
mod works;

use std::{fs, process::ExitCode};

use limit::Limit;
use machine::Machine;
use options::Options;
use ours::Yhat;
use rounds::Rounds;
use side::{Result, Side};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.first().map(String::as_str) {
        Some(ours::START) => start(),
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

/// The process that w8 times.
fn start() -> Result<()> {
    println!("{}", ours::start(&works::line("w1", 2, 100, 43053))?);
    Ok(())
}

fn run(options: Options) -> Result<()> {
    let machine = Machine::here();
    println!("{}\n", machine.line());
    let mut sides: Vec<Box<dyn Side>> = vec![Box::new(Yhat), Box::new(Limit { peak: machine.peak[1] })];
    let names: Vec<String> = sides.iter().map(|s| s.name().to_string()).collect();
    let rounds = Rounds { seconds: options.seconds, least: 5, most: 101 };
    println!("{}", table::head(&names));
    let mut rows = Vec::new();
    for work in works::all().iter().filter(|w| options.wants(w.name)) {
        let row = rounds.of(work, &mut sides)?;
        println!("{}", table::line(&row, &names));
        rows.push(row);
    }
    if let Some(path) = &options.json {
        fs::write(path, serde_json::to_string_pretty(&table::figures(&machine, &rows))?)?;
    }
    Ok(())
}
