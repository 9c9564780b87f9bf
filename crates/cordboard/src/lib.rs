//! The `cordboard` program: a node, and the tools around it. It is a library so that a program with more dialects is a few lines
//! (`docs/adding-a-dialect.md`), and so that its readers of files can be fuzzed.
//!
//! Start reading at `cli`: one file per subcommand; the dialects are listed in `dialects`.

mod assemble;
mod bench;
mod cli;
mod client;
mod config;
mod demo;
mod dialects;
mod file;
mod floor;
mod log;
mod output;
mod peer;
mod web;

use std::{path::Path, process::ExitCode};

use clap::Parser;

pub use self::dialects::{DIALECTS, Dialects};

/// Does what the command line says, with these dialects.
pub fn main(dialects: Dialects) -> ExitCode {
    cli::exit_code(cli::run(cli::Cli::parse(), dialects))
}

/// Reads a configuration file's text: what it is, or what is wrong with it, as text.
pub fn read_configuration(text: &str) -> Result<String, String> {
    let read = config::read(DIALECTS, "cordboard.toml", text, Path::new("/nowhere"), []);
    read.map(|config| format!("{config:?}")).map_err(|problems| problems.to_string())
}

/// Reads a floor file's text: what it is, or what is wrong with it, as text.
pub fn read_floor(text: &str) -> Result<String, String> {
    let read = floor::read("floor.toml", text, Path::new("/nowhere"));
    read.map(|plan| format!("{plan:?}")).map_err(|problems| problems.to_string())
}
