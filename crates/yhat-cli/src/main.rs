//! The `yhat` command.

mod diagnose;
mod landscape;
mod lecture;
mod output;
mod sweep;
mod table;

use std::{
    error::Error,
    io::{Write, stderr},
    process::ExitCode,
};

use clap::{CommandFactory, Parser, Subcommand};

/// Neural networks as in Keras, with the lid off.
#[derive(Parser)]
#[command(name = "yhat", version)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    Diagnose(Box<diagnose::Args>),
    Landscape(landscape::Args),
    Lecture(lecture::Args),
    Sweep(Box<sweep::Args>),
}

fn main() -> ExitCode {
    let result: Result<ExitCode, Box<dyn Error>> = match Cli::parse().command {
        Some(Command::Diagnose(args)) => diagnose::run(&args).map(|()| ExitCode::SUCCESS),
        Some(Command::Landscape(args)) => landscape::run(&args).map(|()| ExitCode::SUCCESS),
        Some(Command::Lecture(args)) => lecture::run(&args).map(|()| ExitCode::SUCCESS).map_err(Into::into),
        Some(Command::Sweep(args)) => sweep::run(&args),
        None => {
            // Whoever closed the pipe does not want the help.
            let _ = Cli::command().print_help();
            Ok(ExitCode::SUCCESS)
        }
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            let _ = writeln!(stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}
