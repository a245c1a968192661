//! Lines for a person or a pipe.

use std::io::{IsTerminal, Write, stdout};

/// The code with which a terminal empties its line.
const ERASE: &str = "\r\x1b[2K";

/// Standard output. A reader that has gone away is no reason to stop: nothing more is printed then.
pub struct Output {
    terminal: bool,
    gone: bool,
    /// Whether a line that is to go away stands on the terminal.
    passing: bool,
}

impl Output {
    pub fn new() -> Output {
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        Output { terminal: stdout().is_terminal() && !dumb, gone: false, passing: false }
    }

    /// Prints a line.
    pub fn line(&mut self, text: impl AsRef<str>) {
        self.erase();
        self.print(&format!("{}\n", text.as_ref()));
    }

    /// On a terminal, shows how much is done, until the next line is printed.
    pub fn progress(&mut self, done: usize, all: usize) {
        const WIDTH: usize = 30;
        if self.terminal {
            self.erase();
            let full = WIDTH * done / all.max(1);
            self.print(&format!("[{}{}] {done}/{all}", "=".repeat(full), ".".repeat(WIDTH - full)));
            self.passing = true;
        }
    }

    fn erase(&mut self) {
        if std::mem::take(&mut self.passing) {
            self.print(ERASE);
        }
    }

    fn print(&mut self, text: &str) {
        if !self.gone {
            let mut out = stdout().lock();
            self.gone = out.write_all(text.as_bytes()).and_then(|()| out.flush()).is_err();
        }
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        self.erase();
    }
}
