//! The `cordboard` program: a node, and the tools around it.
//!
//! Start reading at [`cli`]: one file per subcommand.

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
mod web;

use std::process::ExitCode;

use clap::Parser;

/// A message is many short texts, made by one thread and freed by another: the C library's allocator takes a fifth of the time that one
/// costs.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::exit_code(cli::run(cli::Cli::parse()))
}
