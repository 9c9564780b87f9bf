//! `cordboard peer`: one end of a dialect at the terminal.

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, Subcommand, ValueEnum};
use compact_str::CompactString;
use model::{AccountName, DeviceId, QueueId, Secret};
use session::dialect::TlsFiles;
use settings::Address;

use super::warn_of_plain_text;
use crate::{
    assemble::tls,
    client::Node,
    output::Out,
    peer::{self, Agent, harmony::Protocol, talisma::Parties},
};

const EXAMPLES: &str = "\
Examples:
  cordboard peer uwq --end desk --to http://127.0.0.1:3107
      act as Oracle EBS and connect to a softphone or a node
  cordboard peer uwq --end desk --listen-only
      only listen for events; send the callouts with curl
  cordboard peer uwq --end telephony --listen 127.0.0.1:3107
      act as a softphone for a real Oracle EBS";

const TALISMA_EXAMPLES: &str = "\
Examples:
  cordboard peer talisma --end telephony
      send a sample notification for user 2 to a node on this machine
  cordboard peer talisma --end desk
      act as a notification server and show what arrives";

/// The port of EBS's listener in Oracle's example (uwq.md §2).
const EBS_PORT: u16 = 8888;

/// Act as one end of an integration, to test the other end.
///
/// It shows every message in both directions. What you type becomes messages.
#[derive(Debug, Args)]
pub(super) struct Peer {
    #[command(subcommand)]
    dialect: Dialect,
}

#[derive(Debug, Subcommand)]
enum Dialect {
    Uwq(Uwq),
    Talisma(Talisma),
    Harmony(Harmony),
}

/// Oracle EBS Basic Telephony.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
struct Uwq {
    /// The end to act as: telephony is the softphone, desk is Oracle EBS.
    #[arg(long)]
    end: End,
    /// The address to which callouts are sent (desk end).
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:3107")]
    to: String,
    /// The address to listen on: for events (desk end, default 127.0.0.1:8888) or for callouts (telephony end, default 127.0.0.1:3107).
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    listen: Option<Address>,
    /// Send no callouts: only show and accept events (desk end).
    #[arg(long)]
    listen_only: bool,
    /// The agent's extension.
    #[arg(long, default_value = "1001")]
    extension: DeviceId,
    /// The agent's ID at the ACD.
    #[arg(long, value_name = "ACD-ID", default_value = "7001")]
    agent: CompactString,
    /// The agent's password at the ACD.
    #[arg(long, env = "CORDBOARD_PEER_PASSWORD", hide_env_values = true, default_value = "demo", value_parser = secret)]
    password: Secret,
    /// The agent's queue at the ACD.
    #[arg(long, default_value = "7700")]
    queue: QueueId,
}

/// Talisma Web Notification Server.
///
/// The telephony end sends the sample notification of Talisma's documentation
/// once. The desk end is the server and shows what arrives.
#[derive(Debug, Args)]
#[command(after_help = TALISMA_EXAMPLES)]
struct Talisma {
    /// The end to act as: telephony sends notifications, desk is the server.
    #[arg(long)]
    end: End,
    /// The address of the service (telephony end). Default: the service of a node on this machine.
    #[arg(
        long,
        value_name = "URL",
        default_value = "http://127.0.0.1:8080/TalismaWebNotificationServer/PostNotification.svc",
        hide_default_value = true
    )]
    to: String,
    /// For https: a PEM file with the authority that signed the service's certificate (telephony end).
    #[arg(long, value_name = "FILE")]
    tls_ca: Option<PathBuf>,
    /// The address to listen on (desk end).
    #[arg(long, value_name = "ADDRESS", value_parser = address, default_value = "127.0.0.1:8090")]
    listen: Address,
    /// The account that sends notifications.
    #[arg(long, default_value = "integration")]
    account: AccountName,
    /// The password of the account.
    #[arg(long, env = "CORDBOARD_PEER_PASSWORD", hide_env_values = true, default_value = "demo", value_parser = secret)]
    password: Secret,
    /// The Talisma user ID of the agent.
    #[arg(long, default_value_t = 2)]
    user: i32,
}

/// An end of a protocol.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum End {
    /// The end with the phones.
    Telephony,
    /// The end that shows the agent's work.
    Desk,
}

impl Peer {
    pub(super) async fn run(self, out: Out) -> Result<()> {
        match self.dialect {
            Dialect::Uwq(uwq) => uwq.run(out).await,
            Dialect::Talisma(talisma) => talisma.run(out).await,
            Dialect::Harmony(harmony) => harmony.run(out).await,
        }
    }
}

impl Uwq {
    async fn run(self, out: Out) -> Result<()> {
        let Self { end, to, listen, listen_only, extension, agent: acd_id, password, queue } = self;
        let agent = Agent { extension, acd_id, password, queue };
        match end {
            End::Telephony => {
                peer::telephony(listen.unwrap_or(Address::loopback(uwq::PORT)), agent, out).await
            }
            End::Desk => {
                let listen = listen.unwrap_or(Address::loopback(EBS_PORT));
                if listen_only {
                    peer::listener(listen, out).await
                } else {
                    warn_if_exposed(&to);
                    peer::desk(to, listen, agent, out).await
                }
            }
        }
    }
}

impl Talisma {
    async fn run(self, out: Out) -> Result<()> {
        let Self { end, to, tls_ca, listen, account, password, user } = self;
        let parties = Parties { account, password, user };
        match end {
            End::Telephony => {
                warn_if_exposed(&to);
                let tls = tls::client(&TlsFiles { authority: tls_ca, ..TlsFiles::default() })?;
                peer::talisma::post(&to, tls, parties, out).await
            }
            End::Desk => peer::talisma::serve(listen, parties, out).await,
        }
    }
}

const HARMONY_EXAMPLES: &str = "\
Examples:
  cordboard peer harmony --end telephony --to 127.0.0.1:7850
      act as a CTI client with one phone and connect to a bridge or a node
  cordboard peer harmony --end desk --listen 127.0.0.1:7850
      act as a bridge for a CTI client";

/// Harmony's processor bridge.
#[derive(Debug, Args)]
#[command(after_help = HARMONY_EXAMPLES)]
struct Harmony {
    /// The end to act as: telephony is the CTI client with the phones, desk is the bridge.
    #[arg(long)]
    end: End,
    /// The address of the bridge (telephony end).
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:7850")]
    to: String,
    /// The address to listen on (desk end, default 127.0.0.1:7850).
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    listen: Option<Address>,
    /// The processor's name, the same at both ends.
    #[arg(long, default_value = "DEMO")]
    processor: CompactString,
    /// The agent's extension.
    #[arg(long, default_value = "1101")]
    extension: DeviceId,
    /// The agent's ID at the ACD.
    #[arg(long, value_name = "ACD-ID", default_value = "7101")]
    agent: CompactString,
    /// The agent's password at the ACD.
    #[arg(long, env = "CORDBOARD_PEER_PASSWORD", hide_env_values = true, default_value = "demo", value_parser = secret)]
    password: Secret,
    /// The queue of simulated calls (telephony end).
    #[arg(long, default_value = "7700")]
    queue: QueueId,
    /// For TLS: a PEM file with the authority that signed the other end's certificate. The desk end then accepts only its clients.
    #[arg(long, value_name = "FILE")]
    tls_ca: Option<PathBuf>,
    /// For TLS: a PEM file with the certificate chain of this end.
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_certificate: Option<PathBuf>,
    /// For TLS: a PEM file with the private key of this end.
    #[arg(long, value_name = "FILE", requires = "tls_certificate")]
    tls_key: Option<PathBuf>,
    /// A protocol word that the other end writes differently, by its name in docs/harmony.md. Can be given several times.
    #[arg(long = "word", value_name = "SLOT=TEXT", value_parser = word)]
    words: Vec<(CompactString, CompactString)>,
}

impl Harmony {
    async fn run(self, out: Out) -> Result<()> {
        let files = TlsFiles { certificate: self.tls_certificate, key: self.tls_key, authority: self.tls_ca };
        let protocol = Protocol { processor: self.processor, words: self.words.into_iter().collect() };
        let (extension, acd_id) = (self.extension, self.agent);
        let agent = Agent { extension, acd_id, password: self.password, queue: self.queue };
        match self.end {
            End::Telephony => {
                let tls = tls::client(&files)?;
                peer::harmony::telephony(self.to, protocol, tls, agent, out).await
            }
            End::Desk => {
                let tls = tls::server(&files)?;
                let listen = self.listen.unwrap_or(Address::loopback(harmony::PORT));
                peer::harmony::desk(listen, protocol, tls, agent, out).await
            }
        }
    }
}

/// Warns when a password goes to another machine without encryption.
fn warn_if_exposed(url: &str) {
    let host = url.split('/').take(3).collect::<Vec<_>>().join("/");
    if host.parse::<Node>().is_ok_and(|node| node.is_exposed()) {
        warn_of_plain_text(&host);
    }
}

fn word(text: &str) -> Result<(CompactString, CompactString), String> {
    let (slot, text) = text
        .split_once('=')
        .ok_or("expected SLOT=TEXT, such as conversation.request.answer=conversation.request.pickup")?;
    Ok((slot.into(), text.into()))
}

pub(super) fn address(text: &str) -> Result<Address, String> {
    Address::try_from(text.to_owned())
}

fn secret(text: &str) -> Result<Secret, String> {
    Ok(Secret::new(text))
}
