//! The `cordboard` program: a node, and commands for it. It is a library so that a program with more dialects needs only a few lines
//! (`docs/adding-a-dialect.md`), and so that fuzz targets can call its file readers.
//!
//! Start reading at `cli`, which has one file for each command. `dialects` lists the dialects.

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

/// Runs the command line with these dialects.
pub fn main(dialects: Dialects) -> ExitCode {
    cli::exit_code(cli::run(cli::Cli::parse(), dialects))
}

/// Reads the text of a configuration file. Returns its contents or its problems as text.
pub fn read_configuration(text: &str) -> Result<String, String> {
    let read = config::read(DIALECTS, "cordboard.toml", text, Path::new("/nowhere"), []);
    read.map(|config| format!("{config:?}")).map_err(|problems| problems.to_string())
}

/// Reads the text of a floor file. Returns its contents or its problems as text.
pub fn read_floor(text: &str) -> Result<String, String> {
    let read = floor::read("floor.toml", text, Path::new("/nowhere"));
    read.map(|plan| format!("{plan:?}")).map_err(|problems| problems.to_string())
}
