//! The `yhat` command.

mod diagnose;
mod lecture;
mod output;
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
    Lecture(lecture::Args),
}

fn main() -> ExitCode {
    let result: Result<(), Box<dyn Error>> = match Cli::parse().command {
        Some(Command::Diagnose(args)) => diagnose::run(&args),
        Some(Command::Lecture(args)) => lecture::run(&args).map_err(Into::into),
        None => {
            // Whoever closed the pipe does not want the help.
            let _ = Cli::command().print_help();
            Ok(())
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}
