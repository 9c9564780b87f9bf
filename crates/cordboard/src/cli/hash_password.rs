//! `cordboard hash-password`: makes a hash for a floor file.

use std::io::{self, BufRead, IsTerminal, Read, Write};

use anyhow::{Context, Result, bail};
use clap::Args;
use model::Secret;
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use serde_json::json;

use crate::output::Out;

const EXAMPLES: &str = "\
Examples:
  cordboard hash-password
      ask for the password twice
  cordboard hash-password < password.txt
      read it from a file; a line end at the end is not part of it";

/// The longest password with which a node lets somebody sign in. Bytes.
const PASSWORD_BYTES_MAX: usize = 1_024;

/// Hash a password for the key password_hash of a floor file.
///
/// Reads the password from standard input and writes an argon2id hash. At a
/// terminal it asks for the password and does not show it.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct HashPassword {}

impl HashPassword {
    pub(super) fn run(self, out: Out) -> Result<()> {
        let password = if io::stdin().is_terminal() { prompt_twice()? } else { read_all()? };
        if password.is_empty() {
            bail!("the password is empty; type one, or send one to standard input");
        }
        if password.len() > PASSWORD_BYTES_MAX {
            bail!("the password has {} bytes; expected at most {PASSWORD_BYTES_MAX}", password.len());
        }
        let hash = hub::auth::hash_password(&Secret::new(password));
        out.one(&json!({ "password_hash": hash }), |_| hash.clone())?;
        Ok(())
    }
}

fn read_all() -> Result<String> {
    let mut text = String::new();
    io::stdin()
        .lock()
        .read_to_string(&mut text)
        .context("the password cannot be read from standard input")?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

fn prompt_twice() -> Result<String> {
    let _hidden = Hidden::new().context("the terminal cannot hide the password")?;
    let password = prompt("Password: ")?;
    if prompt("Repeat the password: ")? != password {
        bail!("the passwords differ; run the command again");
    }
    Ok(password)
}

fn prompt(prompt: &str) -> Result<String> {
    let mut err = io::stderr();
    write!(err, "{prompt}")?;
    err.flush()?;
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    writeln!(err)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// A terminal that does not show what is typed. Dropping this restores it.
struct Hidden(Termios);

impl Hidden {
    fn new() -> io::Result<Self> {
        let before = tcgetattr(io::stdin())?;
        let mut hidden = before.clone();
        hidden.local_modes.remove(LocalModes::ECHO);
        tcsetattr(io::stdin(), OptionalActions::Flush, &hidden)?;
        Ok(Self(before))
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        // If this fails the terminal is gone.
        let _ = tcsetattr(io::stdin(), OptionalActions::Flush, &self.0);
    }
}
