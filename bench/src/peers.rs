//! A peer: another library's program, which does the works when it is told to.
//!
//! The program is started as `PROGRAM DATA` and reads lines: `version` (answered by `{"version": "..."}`), `ready NAME` (answered by `{"ready": true}`, or false for a
//! work that it does not do) and `run` (answered by `{"seconds": S, "result": R}`). Started as `PROGRAM DATA NAME` it
//! does that work once, as a program that someone runs does, prints the result and ends.

use std::{
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::Instant,
};

use serde_json::Value;

use crate::{
    side::{Job, Result, Run, Side},
    works::{Kind, Work},
};

/// A program that waits for lines.
pub struct Peer {
    name: String,
    version: String,
    command: Vec<String>,
    data: PathBuf,
    process: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl Peer {
    /// Starts the program of `NAME=COMMAND`, whose words are separated by spaces.
    pub fn start(definition: &str, data: &Path) -> Result<Peer> {
        let (name, command) = definition.split_once('=').ok_or("--peer NAME=COMMAND")?;
        let command: Vec<String> = command.split(' ').map(str::to_string).collect();
        let mut process = program(&command, data)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|e| format!("{name}: {}: {e}", command[0]))?;
        let (to, from) = (process.stdin.take().ok_or("no stdin")?, process.stdout.take().ok_or("no stdout")?);
        let (name, version, from) = (name.to_string(), String::new(), BufReader::new(from));
        let mut peer = Peer { name, version, command, data: data.into(), process, to, from };
        peer.version = peer.ask("version")?["version"].as_str().unwrap_or_default().to_string();
        Ok(peer)
    }

    fn ask(&mut self, line: &str) -> Result<Value> {
        writeln!(self.to, "{line}")?;
        let mut answer = String::new();
        match self.from.read_line(&mut answer)? {
            0 => Err(format!("{} ended at '{line}'", self.name).into()),
            _ => Ok(serde_json::from_str(&answer).map_err(|e| format!("{e} in '{}'", answer.trim()))?),
        }
    }
}

fn program(command: &[String], data: &Path) -> Command {
    let mut program = Command::new(&command[0]);
    program.args(&command[1..]).arg(data).stderr(Stdio::inherit());
    program
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Side for Peer {
    fn name(&self) -> &str {
        &self.name
    }

    fn version(&self) -> &str {
        &self.version
    }

    fn ready<'a>(&'a mut self, work: &Work) -> Result<Option<Job<'a>>> {
        if self.ask(&format!("ready {}", work.name))?["ready"] != true {
            return Ok(None);
        }
        if let Kind::Start { net } = &work.kind {
            let folder = net.folder;
            return Ok(Some(Box::new(move || {
                let clock = Instant::now();
                let output = program(&self.command, &self.data).arg(folder).output()?;
                let seconds = clock.elapsed().as_secs_f64();
                Ok(Run { seconds, result: String::from_utf8(output.stdout)?.trim().parse()? })
            })));
        }
        Ok(Some(Box::new(move || {
            let answer = self.ask("run")?;
            let number = |key: &str| answer[key].as_f64().ok_or(format!("no {key} in {answer}"));
            Ok(Run { seconds: number("seconds")?, result: number("result")? })
        })))
    }
}
