//! The `yhat` command.

mod lecture;
mod output;

use std::{
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
    Lecture(lecture::Args),
}

fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Some(Command::Lecture(args)) => lecture::run(&args),
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
