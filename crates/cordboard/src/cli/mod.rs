//! The command line: one file per subcommand.

mod agents;
mod apply;
mod bench;
mod call;
mod check;
mod completions;
mod config;
mod demo;
mod history;
mod peer;
mod phone;
mod serve;
mod status;
mod tail;

use std::{io, process::ExitCode};

use anyhow::Result;
use clap::{Args, Parser, Subcommand};
use settings::Problems;

use crate::{
    Dialects,
    client::{Client, Node},
    output::{self, Out},
};

/// Something was refused or failed. Wrong usage is 2, which clap gives.
const FAILED: u8 = 1;

const AFTER_HELP: &str = "\
First steps:
  cordboard demo                                          a node with agents, queues and phones to play with
  cordboard call --from +14155550100 --to 7700            somebody calls the queue 7700
  cordboard phone 1001 answer                             agent 1001's phone is picked up
  cordboard tail                                          everything that happens, as it happens

Exit codes: 0 done, 1 refused or failed, 2 wrong usage.";

/// An open CTI server: any phone system to any desk.
#[derive(Debug, Parser)]
#[command(name = "cordboard", version, after_help = AFTER_HELP, max_term_width = 110)]
pub(crate) struct Cli {
    /// Write JSON, one value a line.
    #[arg(long, global = true)]
    json: bool,

    #[command(flatten)]
    at: At,

    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Demo(demo::Demo),
    Serve(serve::Serve),
    Check(check::Check),
    Apply(apply::Apply),
    Call(call::Call),
    Phone(phone::Phone),
    Agents(agents::Agents),
    History(history::History),
    Tail(tail::Tail),
    Peer(peer::Peer),
    Status(status::Status),
    Bench(bench::Bench),
    Config(config::Config),
    Completions(completions::Completions),
}

/// Which node to talk to.
#[derive(Debug, Args)]
struct At {
    /// The node that the tools talk to.
    #[arg(
        long,
        global = true,
        env = "CORDBOARD_URL",
        value_name = "URL",
        default_value = "http://127.0.0.1:8080"
    )]
    url: Node,
}

impl At {
    fn client(&self) -> Result<Client> {
        Ok(Client::new(self.url.clone())?)
    }
}

/// Does what the command line says.
pub(crate) fn run(cli: Cli, dialects: Dialects) -> Result<()> {
    let Cli { json, at, command } = cli;
    let out = Out::new(json);
    match command {
        Command::Demo(demo) => in_node(demo.run(dialects, out)),
        Command::Serve(serve) => in_node(serve.run(dialects)),
        Command::Check(check) => check.run(dialects, out),
        Command::Apply(apply) => in_runtime(apply.run(&at, out)),
        Command::Call(call) => in_runtime(call.run(&at, out)),
        Command::Phone(phone) => in_runtime(phone.run(&at, out)),
        Command::Agents(agents) => in_runtime(agents.run(&at, out)),
        Command::History(history) => in_runtime(history.run(&at, out)),
        Command::Tail(tail) => in_runtime(tail.run(&at, out)),
        Command::Peer(peer) => in_node(peer.run(out)),
        Command::Status(status) => in_runtime(status.run(&at, out)),
        Command::Bench(bench) => in_node(bench.run(out)),
        Command::Config(config) => config.run(dialects, out),
        Command::Completions(completions) => completions.run(),
    }
}

/// A name as one segment of a path.
fn segment(name: &str) -> String {
    percent_encoding::utf8_percent_encode(name, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// A node uses every processor.
fn in_node(work: impl Future<Output = Result<()>>) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let result = runtime.block_on(work);
    // A thread that waits for a line to be typed is not waited for.
    runtime.shutdown_background();
    result
}

/// A tool needs one thread.
fn in_runtime(work: impl Future<Output = Result<()>>) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(work)
}

/// Says what went wrong, and gives the exit code.
pub(crate) fn exit_code(result: Result<()>) -> ExitCode {
    let Err(error) = result else { return ExitCode::SUCCESS };
    if is_broken_pipe(&error) {
        return ExitCode::SUCCESS;
    }
    match error.downcast_ref::<Problems>() {
        Some(problems) => problems.lines().for_each(|line| output::complain(&line)),
        None => output::complain(&format!("error: {error:#}")),
    }
    ExitCode::from(FAILED)
}

/// Whoever read our output has had enough, as in `cordboard tail | head`.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let is = |cause: &(dyn std::error::Error + 'static)| {
        cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
    };
    error.chain().any(is)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }
}
