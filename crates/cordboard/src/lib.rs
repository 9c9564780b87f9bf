//! The `cordboard` program: a node, and the tools around it. It is a library so that a program with more dialects is a few lines
//! (`docs/adding-a-dialect.md`).
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

use std::process::ExitCode;

use clap::Parser;

pub use self::dialects::{DIALECTS, Dialects};

/// Does what the command line says, with these dialects.
pub fn main(dialects: Dialects) -> ExitCode {
    cli::exit_code(cli::run(cli::Cli::parse(), dialects))
}
