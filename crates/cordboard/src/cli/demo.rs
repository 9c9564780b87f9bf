//! `cordboard demo`: a node to play with.

use std::{
    net::{SocketAddr, SocketAddrV4},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use clap::{Args, value_parser};
use serde_json::json;
use tempfile::TempDir;

use crate::{
    Dialects,
    assemble::{self, JournalChoice, Places},
    demo::{self, Crm, Ports, Welcome},
    log,
    output::Out,
};

const EXAMPLES: &str = "\
Examples:
  cordboard demo
  cordboard demo --port-base 9000            API on 9000, Oracle EBS on 9001, Harmony on 9002, a CRM on 9003
  interop/asterisk/rig start 22000 && cordboard demo --asterisk 127.0.0.1:22000
                                             with softphones at a real Asterisk
  cordboard demo --data ./demo-data          keeps the data; start it again and it goes on";

/// Run a node with agents, queues, contacts and a simulated switch, and say what to try first.
///
/// Agents 1001 to 1020 (at the ACD 7001 to 7020), 1101 to 1103 (7101 to 7103) at a Harmony client, supervisor 1900, queues 7700 and 7710, accounts admin and integration; every password is demo.
/// Everything listens on 127.0.0.1 only.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Demo {
    /// Put the ports one after the other from here: takes N to N+3.
    #[arg(long, value_name = "N", value_parser = value_parser!(u16).range(1..=i64::from(Ports::BASE_MAX)))]
    port_base: Option<u16>,
    /// The port of the native API; 8080 when not given.
    #[arg(long, value_name = "PORT")]
    http_port: Option<u16>,
    /// The port for callouts of Oracle EBS; 3107 when not given.
    #[arg(long, value_name = "PORT")]
    uwq_port: Option<u16>,
    /// The port for clients of the Harmony bridge; 7850 when not given.
    #[arg(long, value_name = "PORT")]
    harmony_port: Option<u16>,
    /// The port of the CRM that hosts the connector; 8090 when not given.
    #[arg(long, value_name = "PORT")]
    crm_port: Option<u16>,
    /// Take agents' phones at an Asterisk with the sample configuration, whose ARI is here; see docs/asterisk.md.
    #[arg(long, value_name = "ADDRESS:PORT")]
    asterisk: Option<SocketAddrV4>,
    /// Keep the data in this folder; a temporary one that goes at the end when not given.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    #[command(flatten)]
    journal: JournalChoice,
}

impl Demo {
    pub(super) async fn run(self, dialects: Dialects, out: Out) -> Result<()> {
        let folder = Folder::new(self.data.as_deref())?;
        let config = demo::config(dialects, self.ports(), folder.path(), self.asterisk)?;
        log::start(&config.node.log)?;
        let crm = Crm::bind(self.ports().crm).await?;
        let plan = demo::floor(crm.origins()?, self.asterisk.is_some())?;
        let contacts = plan.contacts.clone();
        let running = assemble::start(&config, Some(plan), &self.journal).await?;
        self.welcome(out, running.places(), crm.address, &folder)?;
        let crm = crm.serve(running.places().http, contacts);
        let stopped = running.until_stopped().await;
        crm.abort();
        stopped
    }

    fn ports(&self) -> Ports {
        let usual = self.port_base.map_or_else(Ports::default, Ports::from_base);
        Ports {
            http: self.http_port.unwrap_or(usual.http),
            uwq: self.uwq_port.unwrap_or(usual.uwq),
            harmony: self.harmony_port.unwrap_or(usual.harmony),
            crm: self.crm_port.unwrap_or(usual.crm),
        }
    }

    fn welcome(&self, out: Out, places: &Places, crm: SocketAddr, folder: &Folder) -> Result<()> {
        let Places { http, ends } = places;
        let (data, kept) = (folder.path().to_owned(), self.data.is_some());
        let mut machine = json!({ "http": http, "crm": crm, "data": data, "kept": kept });
        for end in ends {
            machine[end.configured.dialect.name] = json!(end.address);
        }
        let uwq = ends.iter().find(|end| end.configured.dialect.name == "uwq");
        let uwq = uwq.context("the demo takes callouts of Oracle EBS")?.address;
        let (http, ends, asterisk) = (*http, ends.iter().map(demo::row).collect(), self.asterisk);
        let page = || Welcome { program: program(), http, uwq, ends, crm, asterisk, data, kept }.to_string();
        out.one(&machine, |_| page())?;
        Ok(())
    }
}

/// Where the data is.
enum Folder {
    /// The caller's own.
    Kept(PathBuf),
    /// One that is removed when this is dropped.
    Fresh(TempDir),
}

impl Folder {
    fn new(kept: Option<&Path>) -> Result<Self> {
        let fresh = || tempfile::Builder::new().prefix("cordboard-demo-").tempdir();
        match kept {
            // The configuration's relative paths begin elsewhere.
            Some(path) => Ok(Self::Kept(std::path::absolute(path)?)),
            None => {
                Ok(Self::Fresh(fresh().context("a temporary folder cannot be made; name one with --data")?))
            }
        }
    }

    fn path(&self) -> &Path {
        match self {
            Self::Kept(path) => path,
            Self::Fresh(folder) => folder.path(),
        }
    }
}

/// How this program was called, so that lines can be pasted.
fn program() -> String {
    std::env::args().next().filter(|name| !name.contains(' ')).unwrap_or_else(|| "cordboard".to_owned())
}
