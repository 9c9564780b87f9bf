//! `cordboard conform`: tests another implementation of a protocol, requirement by requirement.

use std::{
    fs,
    io::{self, BufRead},
    net::SocketAddr,
    path::PathBuf,
    time::Duration,
};

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand, ValueEnum};
use conform::{
    Action, Basis, Browser, Report, Step, Steps, Suite, Terms, crm_connector, harmony, max, talisma, uwq,
};
use settings::{Address, Span};

use super::peer::End;
use crate::output::{self, Out};

const EXAMPLES: &str = "\
Examples:
  cordboard conform uwq --end telephony --to 127.0.0.1:3107 --ask
      test a softphone; ask at the terminal for calls
  cordboard conform uwq --end desk --listen 127.0.0.1:3107 --ask
      test an EBS that sends its callouts to this address
  cordboard conform harmony --end telephony --listen 127.0.0.1:7850 --ask
      test a CTI client that connects to this address
  cordboard conform crm-connector --end telephony --to https://cti.example --ask
      test a connector in a page of this command, in a browser";

/// Test another implementation of a protocol, requirement by requirement.
///
/// It plays the other end and reports for each requirement of
/// docs/protocols/ whether it is held, deviates, or was not reached.
/// The exit code is 1 when something deviates.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Conform {
    #[command(subcommand)]
    dialect: Dialect,
}

#[derive(Debug, Subcommand)]
enum Dialect {
    CrmConnector(CrmConnector),
    Harmony(Harmony),
    Max(Max),
    Talisma(Talisma),
    Uwq(Uwq),
}

// The options of every dialect. No doc comment: clap would show it as the command's description.
#[derive(Debug, Args)]
struct Terminal {
    /// The end to test: telephony is the end with the phones, desk shows the agent's work.
    #[arg(long)]
    end: End,
    /// How long to wait for each message.
    #[arg(long, value_name = "TIME", default_value = "10s")]
    timeout: Span,
    /// How long nothing may arrive where the other end must be silent.
    #[arg(long, value_name = "TIME", default_value = "1s")]
    silence: Span,
    /// A shell command for a step at the tested end, such as ring or answer. Can be given several times.
    #[arg(long = "do", value_name = "STEP=COMMAND", value_parser = step)]
    steps: Vec<(Step, String)>,
    /// Ask at the terminal for steps without a command.
    #[arg(long)]
    ask: bool,
    /// Report requirements with this basis or a stronger one.
    #[arg(long, value_enum, default_value = "choice")]
    basis: BasisName,
    /// Write the report as JUnit to this file too.
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Write the messages to this file, with the requirements that each one was checked against.
    #[arg(long, value_name = "FILE")]
    transcript: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum BasisName {
    /// A published description says it.
    Documented,
    /// It follows from a published description.
    Inferred,
    /// No source says it: Cordboard's choice.
    Choice,
}

/// Oracle EBS Basic Telephony.
#[derive(Debug, Args)]
struct Uwq {
    #[command(flatten)]
    terminal: Terminal,
    /// Host and port of the softphone (telephony end).
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:3107")]
    to: String,
    /// The address to listen on: for events (telephony end, default: a free port) or for callouts (desk end, default 127.0.0.1:3107).
    #[arg(long, value_name = "ADDRESS", value_parser = super::peer::address)]
    listen: Option<Address>,
    /// The agent's extension.
    #[arg(long, default_value = "1001")]
    extension: String,
    /// The agent's ID at the ACD.
    #[arg(long, value_name = "ACD-ID", default_value = "7001")]
    agent: String,
    /// The agent's password at the ACD.
    #[arg(long, env = "CORDBOARD_PEER_PASSWORD", hide_env_values = true, default_value = "demo")]
    password: String,
    /// The agent's queue at the ACD.
    #[arg(long, default_value = "7700")]
    queue: String,
    /// The number that MakeCall dials (telephony end).
    #[arg(long, default_value = "(415) 555-0123")]
    number: String,
    /// How often EBS sends CheckStatus (desk end).
    #[arg(long, value_name = "TIME", default_value = "30s")]
    status_period: Span,
}

/// Harmony's processor bridge.
#[derive(Debug, Args)]
struct Harmony {
    #[command(flatten)]
    terminal: Terminal,
    /// Host and port of the bridge (desk end).
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:7850")]
    to: String,
    /// The address where the CTI client connects (telephony end, default 127.0.0.1:7850).
    #[arg(long, value_name = "ADDRESS", value_parser = super::peer::address)]
    listen: Option<Address>,
    /// The processor's name.
    #[arg(long, default_value = "DEMO")]
    processor: String,
    /// The agent's extension.
    #[arg(long, default_value = "1101")]
    extension: String,
    /// The agent's ID at the ACD.
    #[arg(long, value_name = "ACD-ID", default_value = "7101")]
    agent: String,
    /// The agent's password at the ACD.
    #[arg(long, env = "CORDBOARD_PEER_PASSWORD", hide_env_values = true, default_value = "demo")]
    password: String,
    /// The number that is dialed and consulted (telephony end).
    #[arg(long, default_value = "+14155550100")]
    number: String,
}

/// Talisma Web Notification Server.
#[derive(Debug, Args)]
struct Talisma {
    #[command(flatten)]
    terminal: Terminal,
    /// The address of the service, over http (desk end).
    #[arg(
        long,
        value_name = "URL",
        default_value = "http://127.0.0.1:8080/TalismaWebNotificationServer/PostNotification.svc",
        hide_default_value = true
    )]
    to: String,
    /// The address where notifications are posted (telephony end, default 127.0.0.1:8090).
    #[arg(long, value_name = "ADDRESS", value_parser = super::peer::address)]
    listen: Option<Address>,
    /// The account that posts.
    #[arg(long, default_value = "integration")]
    account: String,
    /// The password of the account.
    #[arg(long, env = "CORDBOARD_PEER_PASSWORD", hide_env_values = true, default_value = "demo")]
    password: String,
    /// The Talisma user ID of the agent.
    #[arg(long, default_value_t = 2)]
    user: i32,
    /// The ID of a contact to show (desk end).
    #[arg(long, value_name = "ID", default_value_t = 57)]
    contact: i32,
    /// The number of the customer who calls (telephony end). Without it any calling number is right.
    #[arg(long)]
    customer: Option<String>,
    /// The namespace of the service. Default: that of the protocol's page.
    #[arg(long, value_name = "URI")]
    service_namespace: Option<String>,
    /// The namespace of the members. Default: that of the protocol's page.
    #[arg(long, value_name = "URI")]
    data_namespace: Option<String>,
}

// The options of the dialects whose ends are pages in a browser.
#[derive(Debug, Args)]
struct Pages {
    /// The address where the page of the run is served.
    #[arg(long, value_name = "ADDRESS", value_parser = super::peer::address)]
    listen: Option<Address>,
    /// How long to wait until somebody has opened the page, and the tested end has sent its first message.
    #[arg(long, value_name = "TIME", default_value = "5m")]
    open_within: Span,
}

/// Avaya's CRM Connector, in a browser.
#[derive(Debug, Args)]
struct CrmConnector {
    #[command(flatten)]
    terminal: Terminal,
    #[command(flatten)]
    pages: Pages,
    /// The address of the connector (telephony end).
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080/connector/")]
    to: String,
    /// The number of the customer who calls. Without it, at the telephony end any calling number is right.
    #[arg(long)]
    customer: Option<String>,
    /// The number that the run clicks (telephony end).
    #[arg(long, default_value = "+14155550123")]
    number: String,
}

/// NICE MAX and its pages, in a browser.
#[derive(Debug, Args)]
struct Max {
    #[command(flatten)]
    terminal: Terminal,
    #[command(flatten)]
    pages: Pages,
    /// The address of the page (desk end).
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080/max-desk")]
    to: String,
    /// The issuer of each envelope: MAX, or CXA for CXone Agent.
    #[arg(long, default_value = "MAX")]
    issuer: String,
    /// The number of the customer who calls. Without it, at the telephony end any calling number is right.
    #[arg(long)]
    customer: Option<String>,
}

impl Conform {
    pub(super) async fn run(self, out: Out) -> Result<()> {
        match self.dialect {
            Dialect::CrmConnector(crm_connector) => crm_connector.run(out).await,
            Dialect::Harmony(harmony) => harmony.run(out).await,
            Dialect::Max(max) => max.run(out).await,
            Dialect::Talisma(talisma) => talisma.run(out).await,
            Dialect::Uwq(uwq) => uwq.run(out).await,
        }
    }
}

impl Uwq {
    async fn run(self, out: Out) -> Result<()> {
        let Self { terminal, to, listen, extension, agent: id, password, queue, number, status_period } =
            self;
        let agent = uwq::Agent { extension, id, password, queue, number };
        let terms = terminal.terms();
        let report = match terminal.end {
            End::Telephony => {
                let listen = listen.map_or(SocketAddr::from(([127, 0, 0, 1], 0)), Address::socket);
                let softphone = uwq::Softphone { to: host(&to).to_owned(), listen, agent };
                uwq::telephony(softphone, &terminal.steps(uwq::TELEPHONY), &terms).await
            }
            End::Desk => {
                let listen = listen.unwrap_or(Address::loopback(uwq::PORT)).socket();
                let ebs = uwq::Ebs { listen, status_period: span(status_period), agent };
                uwq::desk(ebs, &terminal.steps(uwq::DESK), &terms).await
            }
        };
        terminal.finish(report.context("cannot listen; choose another address with --listen")?, out)
    }
}

impl Harmony {
    async fn run(self, out: Out) -> Result<()> {
        let Self { terminal, to, listen, processor, extension, agent: id, password, number } = self;
        let agent = harmony::Agent { processor, extension, id, password, number };
        let terms = terminal.terms();
        let report = match terminal.end {
            End::Telephony => {
                let listen = listen.unwrap_or(Address::loopback(harmony::PORT)).socket();
                let client = harmony::Client { listen, agent };
                harmony::telephony(client, &terminal.steps(harmony::TELEPHONY), &terms).await
            }
            End::Desk => {
                let bridge = harmony::Bridge { to, agent };
                Ok(harmony::desk(bridge, &terminal.steps(harmony::DESK), &terms).await)
            }
        };
        terminal.finish(report.context("cannot listen; choose another address with --listen")?, out)
    }
}

impl Talisma {
    async fn run(self, out: Out) -> Result<()> {
        let Self { terminal, to, listen, account, password, user, contact, customer, .. } = self;
        let parties = talisma::Parties { account, password, user };
        let default = talisma::Namespaces::default();
        let namespaces = talisma::Namespaces {
            service: self.service_namespace.unwrap_or(default.service),
            data: self.data_namespace.unwrap_or(default.data),
        };
        let terms = terminal.terms();
        let report = match terminal.end {
            End::Telephony => {
                let listen = listen.unwrap_or(Address::loopback(talisma::PORT)).socket();
                let client = talisma::Client { listen, parties, namespaces, customer };
                talisma::telephony(client, &terminal.steps(talisma::TELEPHONY), &terms).await
            }
            End::Desk => {
                if to.starts_with("https:") {
                    bail!("{to}: the run connects without TLS; give an http address, or that of a TLS proxy");
                }
                let server = talisma::Server { to, parties, namespaces, contact };
                Ok(talisma::desk(server, &terminal.steps(talisma::DESK), &terms).await)
            }
        };
        terminal.finish(report.context("cannot listen; choose another address with --listen")?, out)
    }
}

impl CrmConnector {
    async fn run(self, out: Out) -> Result<()> {
        let Self { terminal, pages, to, customer, number } = self;
        let (browser, terms) = (pages.browser(crm_connector::PORT), terminal.terms());
        let report = match terminal.end {
            End::Telephony => {
                let connector = crm_connector::Connector { to: page_url(to)?, browser, customer, number };
                crm_connector::telephony(connector, &terminal.steps(crm_connector::TELEPHONY), &terms).await
            }
            End::Desk => {
                let customer = customer.unwrap_or_else(|| CUSTOMER.to_owned());
                let page = crm_connector::Page { browser, customer };
                crm_connector::desk(page, &terminal.steps(crm_connector::DESK), &terms).await
            }
        };
        terminal.finish(report.context("cannot listen; choose another address with --listen")?, out)
    }
}

impl Max {
    async fn run(self, out: Out) -> Result<()> {
        let Self { terminal, pages, to, issuer, customer } = self;
        let (browser, terms) = (pages.browser(max::PORT), terminal.terms());
        let report = match terminal.end {
            End::Telephony => {
                let max = max::Max { browser, issuer, customer };
                max::telephony(max, &terminal.steps(max::TELEPHONY), &terms).await
            }
            End::Desk => {
                let customer = customer.unwrap_or_else(|| CUSTOMER.to_owned());
                let page = max::Page { to: page_url(to)?, browser, issuer, customer };
                max::desk(page, &terminal.steps(max::DESK), &terms).await
            }
        };
        terminal.finish(report.context("cannot listen; choose another address with --listen")?, out)
    }
}

impl Pages {
    fn browser(&self, port: u16) -> Browser {
        Browser {
            listen: self.listen.unwrap_or(Address::loopback(port)).socket(),
            opening: span(self.open_within),
            instruct: output::complain,
        }
    }
}

/// The customer of the run.
const CUSTOMER: &str = "+14155550100";

/// The address of a page, which a browser can open.
fn page_url(to: String) -> Result<String> {
    if !to.starts_with("http://") && !to.starts_with("https://") {
        bail!("{to}: give the address of the page, beginning with https:// or http://");
    }
    Ok(to)
}

impl Terminal {
    fn terms(&self) -> Terms {
        Terms { timeout: span(self.timeout), silence: span(self.silence) }
    }

    /// The steps with a command, and those that are asked for.
    fn steps(&self, suite: Suite) -> Steps {
        let by_hand = suite.steps.iter().filter(|_| self.ask);
        let steps = by_hand.fold(Steps::default(), |steps, step| {
            let step = *step;
            steps.with(step, Action::new(move || ask(step)))
        });
        self.steps.iter().cloned().fold(steps, |steps, (step, line)| steps.with(step, Action::command(line)))
    }

    /// Writes the report. Deviations are an error.
    fn finish(&self, report: Report, out: Out) -> Result<()> {
        let report = report.at_least(self.basis.into());
        out.one(&report, Report::text)?;
        if let Some(file) = &self.junit {
            fs::write(file, report.junit()).with_context(|| format!("cannot write {}", file.display()))?;
        }
        if let Some(file) = &self.transcript {
            fs::write(file, &report.transcript)
                .with_context(|| format!("cannot write {}", file.display()))?;
        }
        let [_, deviations, _] = report.counts();
        if deviations > 0 {
            bail!(
                "the {} end deviates from {deviations} of {} requirements",
                report.end.name(),
                report.outcomes.len()
            );
        }
        Ok(())
    }
}

impl From<BasisName> for Basis {
    fn from(name: BasisName) -> Self {
        match name {
            BasisName::Documented => Self::Documented,
            BasisName::Inferred => Self::Inferred,
            BasisName::Choice => Self::Choice,
        }
    }
}

/// Asks the person at the terminal for a step.
fn ask(step: Step) -> Result<(), String> {
    output::complain(&format!("{} Then press Enter.", step.instruction()));
    let mut line = String::new();
    match io::stdin().lock().read_line(&mut line) {
        Ok(0) => Err("standard input has ended".to_owned()),
        Ok(_) => Ok(()),
        Err(error) => Err(error.to_string()),
    }
}

fn step(text: &str) -> Result<(Step, String), String> {
    let (name, line) = text.split_once('=').ok_or("expected STEP=COMMAND, such as ring='./call 1001'")?;
    let step = Step::named(name).ok_or_else(|| {
        let known: Vec<&str> = Step::ALL.iter().map(|step| step.name()).collect();
        format!("unknown step {name:?}; expected one of {}", known.join(", "))
    })?;
    Ok((step, line.to_owned()))
}

/// Host and port of a URL.
fn host(url: &str) -> &str {
    url.trim_start_matches("http://").trim_end_matches('/')
}

fn span(span: Span) -> Duration {
    Duration::from_millis(span.as_ms())
}
