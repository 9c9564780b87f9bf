//! The `cordboard` program: a node, and the tools around it.
//!
//! It is a library so that its readers of files can be fuzzed; `main.rs` only runs it. Start reading at `cli`: one file per subcommand.

mod assemble;
mod bench;
mod cli;
mod client;
mod config;
mod demo;
mod file;
mod floor;
mod log;
mod output;
mod peer;
mod span;
mod web;

use std::{path::Path, process::ExitCode};

use clap::Parser;

/// Runs the program.
pub fn main() -> ExitCode {
    cli::exit_code(cli::run(cli::Cli::parse()))
}

/// Reads a configuration file's text: what it is, or what is wrong with it, as text.
pub fn read_configuration(text: &str) -> Result<String, String> {
    let read = config::read("cordboard.toml", text, Path::new("/nowhere"), []);
    read.map(|config| format!("{config:?}")).map_err(|problems| problems.to_string())
}

/// Reads a floor file's text: what it is, or what is wrong with it, as text.
pub fn read_floor(text: &str) -> Result<String, String> {
    let read = floor::read("floor.toml", text, Path::new("/nowhere"));
    read.map(|plan| format!("{plan:?}")).map_err(|problems| problems.to_string())
}
