//! `cordboard peer`: one end of a dialect, for the person at the terminal.

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, Subcommand, ValueEnum};
use compact_str::CompactString;
use model::{AccountName, DeviceId, QueueId, Secret};
use session::dialect::TlsFiles;
use settings::Address;

use crate::{
    assemble::tls,
    output::Out,
    peer::{self, Agent, harmony::Line, talisma::Parties},
};

const EXAMPLES: &str = "\
Examples:
  cordboard peer uwq --end desk --to http://127.0.0.1:3107          EBS, against a softphone or a node
  cordboard peer uwq --end desk --listen-only                       EBS's listener alone; send the callouts by curl
  cordboard peer uwq --end telephony --listen 127.0.0.1:3107        a softphone, for a real EBS";

const TALISMA_EXAMPLES: &str = "\
Examples:
  cordboard peer talisma --end telephony           posts the sample to a node on this machine, for user 2
  cordboard peer talisma --end desk                a notification server; point an integration at it";

/// The port at which EBS listens in Oracle's own example (uwq.md §2).
const EBS_PORT: u16 = 8888;

/// Play one end of a dialect at the terminal.
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

/// Oracle EBS Basic Telephony: writes every message either way, and takes what is typed.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
struct Uwq {
    /// Which end to play: the softphone with the phones, or the desk that is EBS.
    #[arg(long)]
    end: End,
    /// Where the softphone takes callouts (desk end).
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:3107")]
    to: String,
    /// Where to listen: for events (desk end, usually 127.0.0.1:8888), or for callouts (telephony end, usually 127.0.0.1:3107).
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    listen: Option<Address>,
    /// Send nothing, only write the events that come and say yes to them (desk end).
    #[arg(long)]
    listen_only: bool,
    /// The agent's extension.
    #[arg(long, default_value = "1001")]
    extension: DeviceId,
    /// The agent's id at the ACD.
    #[arg(long, value_name = "ACD-ID", default_value = "7001")]
    agent: CompactString,
    /// The agent's password at the ACD.
    #[arg(long, env = "CORDBOARD_PEER_PASSWORD", hide_env_values = true, default_value = "demo", value_parser = secret)]
    password: Secret,
    /// The agent's queue at the ACD.
    #[arg(long, default_value = "7700")]
    queue: QueueId,
}

/// Talisma Web Notification Server: posts the help article's sample, or is the server and writes what arrives.
#[derive(Debug, Args)]
#[command(after_help = TALISMA_EXAMPLES)]
struct Talisma {
    /// Which end to play: the telephony system that notifies, or the desk that is the server.
    #[arg(long)]
    end: End,
    /// Where the service is (telephony end).
    #[arg(
        long,
        value_name = "URL",
        default_value = "http://127.0.0.1:8080/TalismaWebNotificationServer/PostNotification.svc"
    )]
    to: String,
    /// With an https address: the authority that signed the service's certificate, PEM (telephony end).
    #[arg(long, value_name = "FILE")]
    tls_ca: Option<PathBuf>,
    /// Where to listen (desk end).
    #[arg(long, value_name = "ADDRESS", value_parser = address, default_value = "127.0.0.1:8090")]
    listen: Address,
    /// The account that notifies.
    #[arg(long, default_value = "integration")]
    account: AccountName,
    /// Its password.
    #[arg(long, env = "CORDBOARD_PEER_PASSWORD", hide_env_values = true, default_value = "demo", value_parser = secret)]
    password: Secret,
    /// The Talisma user id of whoever is notified.
    #[arg(long, default_value_t = 2)]
    user: i32,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum End {
    /// The end with the phones.
    Telephony,
    /// The end that shows the work.
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
                    peer::ear(listen, out).await
                } else {
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
                peer::talisma::post(
                    &to,
                    tls::client(&TlsFiles { authority: tls_ca, ..TlsFiles::default() })?,
                    parties,
                    out,
                )
                .await
            }
            End::Desk => peer::talisma::serve(listen, parties, out).await,
        }
    }
}

const HARMONY_EXAMPLES: &str = "\
Examples:
  cordboard peer harmony --end telephony --to 127.0.0.1:7850       a CTI client with one phone, for a bridge or a node
  cordboard peer harmony --end desk --listen 127.0.0.1:7850        a bridge, for a CTI client";

/// Harmony's processor bridge: writes every message either way, and takes what is typed.
#[derive(Debug, Args)]
#[command(after_help = HARMONY_EXAMPLES)]
struct Harmony {
    /// Which end to play: the CTI client with the phones, or the desk that is the bridge.
    #[arg(long)]
    end: End,
    /// Where the bridge listens (telephony end).
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:7850")]
    to: String,
    /// Where to listen (desk end, usually 127.0.0.1:7850).
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    listen: Option<Address>,
    /// The processor's name, the same at both ends.
    #[arg(long, default_value = "DEMO")]
    processor: CompactString,
    /// The agent's extension.
    #[arg(long, default_value = "1101")]
    extension: DeviceId,
    /// The agent's id at the ACD.
    #[arg(long, value_name = "ACD-ID", default_value = "7101")]
    agent: CompactString,
    /// The agent's password at the ACD.
    #[arg(long, env = "CORDBOARD_PEER_PASSWORD", hide_env_values = true, default_value = "demo", value_parser = secret)]
    password: Secret,
    /// The queue from which calls ring (telephony end).
    #[arg(long, default_value = "7700")]
    queue: QueueId,
    /// With TLS: the authority that signed the other end's certificate, PEM; at the desk end only its clients get in.
    #[arg(long, value_name = "FILE")]
    tls_ca: Option<PathBuf>,
    /// With TLS: our certificate chain, PEM.
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_certificate: Option<PathBuf>,
    /// Its key, PEM.
    #[arg(long, value_name = "FILE", requires = "tls_certificate")]
    tls_key: Option<PathBuf>,
    /// A word that the other end says otherwise, by its name in the table of docs/harmony.md; may be given several times.
    #[arg(long = "word", value_name = "SLOT=TEXT", value_parser = word)]
    words: Vec<(CompactString, CompactString)>,
}

impl Harmony {
    async fn run(self, out: Out) -> Result<()> {
        let files = TlsFiles { certificate: self.tls_certificate, key: self.tls_key, authority: self.tls_ca };
        let line = Line { processor: self.processor, words: self.words.into_iter().collect() };
        let (extension, acd_id) = (self.extension, self.agent);
        let agent = Agent { extension, acd_id, password: self.password, queue: self.queue };
        match self.end {
            End::Telephony => {
                let tls = tls::client(&files)?;
                peer::harmony::telephony(self.to, line, tls, agent, out).await
            }
            End::Desk => {
                let tls = tls::server(&files)?;
                let listen = self.listen.unwrap_or(Address::loopback(harmony::PORT));
                peer::harmony::desk(listen, line, tls, agent, out).await
            }
        }
    }
}

fn word(text: &str) -> Result<(CompactString, CompactString), String> {
    let (slot, text) = text
        .split_once('=')
        .ok_or("write it like conversation.request.answer=conversation.request.pickup")?;
    Ok((slot.into(), text.into()))
}

fn address(text: &str) -> Result<Address, String> {
    Address::try_from(text.to_owned())
}

fn secret(text: &str) -> Result<Secret, String> {
    Ok(Secret::new(text))
}
