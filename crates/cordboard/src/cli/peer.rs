//! `cordboard peer`: one end of a dialect, for the person at the terminal.

use anyhow::Result;
use clap::{Args, Subcommand, ValueEnum};
use compact_str::CompactString;
use model::{DeviceId, QueueId, Secret};

use crate::{
    config::{Address, UWQ_PORT},
    output::Out,
    peer::{self, Agent},
};

const EXAMPLES: &str = "\
Examples:
  cordboard peer uwq --end desk --to http://127.0.0.1:3107          EBS, against a softphone or a node
  cordboard peer uwq --end desk --listen-only                       EBS's listener alone; send the callouts by curl
  cordboard peer uwq --end telephony --listen 127.0.0.1:3107        a softphone, for a real EBS";

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

#[derive(Debug, Clone, Copy, ValueEnum)]
enum End {
    /// The softphone.
    Telephony,
    /// EBS.
    Desk,
}

impl Peer {
    pub(super) async fn run(self, out: Out) -> Result<()> {
        let Dialect::Uwq(uwq) = self.dialect;
        uwq.run(out).await
    }
}

impl Uwq {
    async fn run(self, out: Out) -> Result<()> {
        let Self { end, to, listen, listen_only, extension, agent: acd_id, password, queue } = self;
        let agent = Agent { extension, acd_id, password, queue };
        match end {
            End::Telephony => {
                peer::telephony(listen.unwrap_or(Address::loopback(UWQ_PORT)), agent, out).await
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

fn address(text: &str) -> Result<Address, String> {
    Address::try_from(text.to_owned())
}

fn secret(text: &str) -> Result<Secret, String> {
    Ok(Secret::new(text))
}
