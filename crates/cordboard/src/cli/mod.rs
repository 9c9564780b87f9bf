//! The command line: one file for each command.

mod agent;
mod agents;
mod apply;
mod audit;
mod bench;
mod call;
mod check;
mod completions;
mod config;
mod conform;
mod demo;
mod dev_ca;
mod dial_check;
mod hash_password;
mod history;
mod man;
mod peer;
mod phone;
mod second_factor;
mod serve;
mod sessions;
mod status;
mod store;
mod tail;
mod token;

use std::{
    io,
    path::PathBuf,
    process::ExitCode,
    time::{SystemTime, UNIX_EPOCH},
};

use anyhow::Result;
use clap::{Args, Parser, Subcommand};
use model::Timestamp;
use serde::Serialize;
use settings::{Problems, Span};

use crate::{
    Dialects,
    client::{Client, Node},
    output::{self, Out},
};

/// The exit code when a command was refused or failed. clap uses 2 for invalid arguments.
const FAILED: u8 = 1;

/// The node that commands use when neither `--url` nor `CORDBOARD_URL` is set.
const USUAL_URL: &str = "http://127.0.0.1:8080";

/// The output without any arguments.
const SHORT_HELP: &str = "\
Cordboard connects phone systems with agent desktops and CRMs.

Try it:
  cordboard demo                                 run a node with sample data
  cordboard call --from +14155550100 --to 7700   simulate a call to a queue
  cordboard tail                                 show every event as it happens

Run your own node:
  cordboard config example > cordboard.toml      all configuration keys
  cordboard config example --floor > floor.toml  all floor file keys
  cordboard check cordboard.toml                 find mistakes
  cordboard serve --config cordboard.toml        run the node

All commands: cordboard --help
One command:  cordboard COMMAND --help";

const AFTER_HELP: &str = "\
First steps:
  cordboard demo
      run a node with sample agents, queues and phones
  cordboard call --from +14155550100 --to 7700
      simulate a call to queue 7700
  cordboard phone 1001 answer
      answer the call at agent 1001's phone
  cordboard tail
      show every event as it happens

Exit codes: 0 success, 1 refused or failed, 2 invalid arguments.";

/// Cordboard connects phone systems with agent desktops and CRMs.
#[derive(Debug, Parser)]
#[command(name = "cordboard", version, after_help = AFTER_HELP, max_term_width = 100, disable_help_subcommand = true)]
pub(crate) struct Cli {
    /// Write JSON: one value for each line.
    #[arg(long, global = true)]
    json: bool,

    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    Demo(demo::Demo),
    Serve(serve::Serve),
    Check(check::Check),
    Config(config::Config),
    DevCa(dev_ca::DevCa),
    DialCheck(dial_check::DialCheck),
    Store(store::Store),
    Apply(apply::Apply),
    Audit(audit::Audit),
    HashPassword(hash_password::HashPassword),
    Token(token::Token),
    Sessions(sessions::Sessions),
    SecondFactor(second_factor::SecondFactor),
    Status(status::Status),
    Agents(agents::Agents),
    Agent(agent::Agent),
    History(history::History),
    Tail(tail::Tail),
    Call(call::Call),
    Phone(phone::Phone),
    Peer(peer::Peer),
    Conform(conform::Conform),
    Bench(bench::Bench),
    Completions(completions::Completions),
    Man(man::Man),
}

// The node that a command uses. No doc comment: clap would show it as the command's description.
#[derive(Debug, Args)]
struct NodeArgs {
    /// The address of the node.
    #[arg(long, env = "CORDBOARD_URL", value_name = "URL", default_value = USUAL_URL, help_heading = "Node")]
    url: Node,
    /// For https: trust the certificates in this PEM file instead of those of this machine.
    #[arg(long, env = "CORDBOARD_CA", value_name = "FILE", help_heading = "Node")]
    ca: Option<PathBuf>,
}

impl NodeArgs {
    fn client(&self) -> Result<Client> {
        let client = Client::new(self.url.clone(), self.ca.as_deref())?;
        if self.url.is_exposed() {
            warn_of_plain_text(&self.url.to_string());
        }
        Ok(client)
    }

    /// A command line that the user can paste. It names the node if that is not the usual one.
    fn line(&self, arguments: &str) -> String {
        let url = self.url.to_string();
        let option = if url == USUAL_URL { String::new() } else { format!(" --url {url}") };
        format!("{} {arguments}{option}", program())
    }
}

/// Warns that credentials go over the network without encryption.
fn warn_of_plain_text(url: &str) {
    output::complain(&format!(
        "warning: {url} is not encrypted: others on the network can read passwords and tokens; use https"
    ));
}

/// The name with which this program was started, for command lines that the user can paste.
fn program() -> String {
    std::env::args().next().filter(|name| !name.contains(' ')).unwrap_or_else(|| "cordboard".to_owned())
}

/// Runs the command that the arguments name.
pub(crate) fn run(cli: Cli, dialects: Dialects) -> Result<()> {
    let Cli { json, command } = cli;
    let out = Out::new(json);
    let Some(command) = command else { return Ok(out.line(SHORT_HELP)?) };
    match command {
        Command::Demo(demo) => in_node(demo.run(dialects, out)),
        Command::Serve(serve) => in_node(serve.run(dialects)),
        Command::Check(check) => check.run(dialects, out),
        Command::Config(config) => config.run(dialects, out),
        Command::DevCa(ca) => ca.run(out),
        Command::DialCheck(check) => in_runtime(check.run(dialects, out)),
        Command::Store(store) => store.run(out),
        Command::Apply(apply) => in_runtime(apply.run(out)),
        Command::Audit(audit) => audit.run(out),
        Command::HashPassword(hash) => hash.run(out),
        Command::Token(token) => in_runtime(token.run(out)),
        Command::Sessions(sessions) => in_runtime(sessions.run(out)),
        Command::SecondFactor(factor) => in_runtime(factor.run(out)),
        Command::Status(status) => in_runtime(status.run(out)),
        Command::Agents(agents) => in_runtime(agents.run(out)),
        Command::Agent(agent) => in_runtime(agent.run(out)),
        Command::History(history) => in_runtime(history.run(out)),
        Command::Tail(tail) => in_runtime(tail.run(out)),
        Command::Call(call) => in_runtime(call.run(out)),
        Command::Phone(phone) => in_runtime(phone.run(out)),
        Command::Peer(peer) => in_node(peer.run(out)),
        Command::Conform(conform) => in_node(conform.run(out)),
        Command::Bench(bench) => in_node(bench.run(out)),
        Command::Completions(completions) => completions.run(),
        Command::Man(man) => man.run(),
    }
}

/// A name as one segment of a path.
fn segment(name: &str) -> String {
    percent_encoding::utf8_percent_encode(name, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// The time that was this long ago.
fn ago(span: Span) -> Timestamp {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(u64::try_from(now.saturating_sub(span.duration()).as_millis()).unwrap_or_default())
}

/// The parameters that have a value, as `?name=value&…`.
fn query_string(query: &impl Serialize) -> Result<String> {
    let fields = serde_json::to_value(query)?;
    let given = fields.as_object().into_iter().flatten().filter_map(|(name, value)| {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        (!value.is_null()).then(|| format!("{name}={}", segment(&text)))
    });
    Ok(format!("?{}", given.collect::<Vec<_>>().join("&")))
}

/// Runs work that contains a node, on all processors.
fn in_node(work: impl Future<Output = Result<()>>) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let result = runtime.block_on(work);
    // Doesn't wait for the thread that reads standard input.
    runtime.shutdown_background();
    result
}

/// Runs a client, on one thread.
fn in_runtime(work: impl Future<Output = Result<()>>) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(work)
}

/// Writes the error, if there is one, and returns the exit code.
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

/// Whether the reader of the output closed it, as in `cordboard tail | head`.
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

    /// The width of the terminal that every help text has to fit. Columns.
    const WIDTH: usize = 80;

    #[test]
    fn the_arguments_are_declared_correctly() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_help_fits_a_terminal_of_80_columns() {
        let mut command = Cli::command().term_width(WIDTH);
        command.build();
        check_width(&command, "cordboard");
        let wide = SHORT_HELP.lines().find(|line| line.chars().count() > WIDTH);
        assert_eq!(wide, None);
    }

    fn check_width(command: &clap::Command, name: &str) {
        let help = command.clone().render_long_help().to_string();
        let wide: Vec<&str> = help.lines().filter(|line| line.chars().count() > WIDTH).collect();
        assert_eq!(wide, Vec::<&str>::new(), "{name}");
        // clap breaks a line of an example that is too long, and the rest of it starts in the first column.
        let examples = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        let wide: Vec<&str> = examples.lines().filter(|line| line.chars().count() > WIDTH).collect();
        assert_eq!(wide, Vec::<&str>::new(), "{name}: examples");
        for inner in command.get_subcommands() {
            check_width(inner, &format!("{name} {}", inner.get_name()));
        }
    }
}
