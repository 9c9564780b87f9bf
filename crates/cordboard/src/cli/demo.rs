//! `cordboard demo`: runs a node with sample data.

use std::{
    fs::Permissions,
    net::{SocketAddr, SocketAddrV4},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use clap::{Args, value_parser};
use serde_json::json;
use settings::Span;
use tempfile::TempDir;

use super::program;
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
  cordboard demo --port-base 9000
      API on 9000, Oracle EBS on 9001, Harmony on 9002, sample CRM on 9003
  cordboard demo --data ./demo-data
      keep the data for the next start
  cordboard demo --asterisk 127.0.0.1:22000
      use softphones at an Asterisk; see docs/asterisk.md";

/// Run a node with sample agents, queues, contacts and simulated phones.
///
/// It prints its addresses and commands to try. The agents are 1001 to 1020
/// (ACD IDs 7001 to 7020) and 1101 to 1103 (7101 to 7103, with phones at a
/// Harmony client), the supervisor is 1900, the queues are 7700 and 7710, the
/// other accounts are admin and integration. All passwords are demo. Only this
/// machine can connect.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Demo {
    /// Use the ports N to N+3.
    #[arg(long, value_name = "N", value_parser = value_parser!(u16).range(1..=i64::from(Ports::BASE_MAX)))]
    port_base: Option<u16>,
    /// The port of the agent desktop and the API. Default: 8080.
    #[arg(long, value_name = "PORT")]
    http_port: Option<u16>,
    /// The port for callouts of Oracle EBS. Default: 3107.
    #[arg(long, value_name = "PORT")]
    uwq_port: Option<u16>,
    /// The port of the Harmony bridge. Default: 7850.
    #[arg(long, value_name = "PORT")]
    harmony_port: Option<u16>,
    /// The port of the sample CRM. Default: 8090.
    #[arg(long, value_name = "PORT")]
    crm_port: Option<u16>,
    /// Use phones at an Asterisk with the sample configuration; this is the address of its ARI. See docs/asterisk.md.
    #[arg(long, value_name = "ADDRESS:PORT")]
    asterisk: Option<SocketAddrV4>,
    /// Keep the data in this folder. Without it the data is temporary and deleted at the end.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// How long agents have for wrap-up after each call. 0s disables wrap-up.
    #[arg(long, value_name = "TIME", default_value = "30s")]
    wrap_up: Span,
    /// Show log lines of this level and above: error, warn, info, debug or trace.
    #[arg(long, value_name = "LEVEL", env = "CORDBOARD_LOG__LEVEL", default_value = "warn")]
    log: String,
    #[command(flatten)]
    journal: JournalChoice,
}

impl Demo {
    pub(super) async fn run(self, dialects: Dialects, out: Out) -> Result<()> {
        let folder = Folder::new(self.data.as_deref())?;
        let config = demo::config(dialects, self.ports(), folder.path(), &self.log, self.asterisk)?;
        log::start(&config.node.log)?;
        let crm = Crm::bind(self.ports().crm).await?;
        let plan = demo::floor(crm.origins()?, self.wrap_up, self.asterisk.is_some())?;
        let contacts = plan.contacts.clone();
        let running = assemble::start(&config, Some(plan), &self.journal).await?;
        self.welcome(out, running.places(), crm.address, &folder)?;
        let crm = crm.serve(running.places().http, contacts);
        let stopped = running.until_stopped(None).await;
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
        let uwq = uwq.context("the demo has no listener for Oracle EBS")?.address;
        let (http, ends, asterisk) = (*http, ends.iter().map(demo::row).collect(), self.asterisk);
        let page = || Welcome { program: program(), http, uwq, ends, crm, asterisk, data, kept }.to_string();
        out.one(&machine, |_| page())?;
        Ok(())
    }
}

/// The folder of the data.
enum Folder {
    /// A folder that the user named.
    Kept(PathBuf),
    /// A temporary folder. Dropping this deletes it.
    Temporary(TempDir),
}

impl Folder {
    fn new(kept: Option<&Path>) -> Result<Self> {
        let owner_only = Permissions::from_mode(0o700);
        let temporary =
            || tempfile::Builder::new().prefix("cordboard-demo-").permissions(owner_only).tempdir();
        match kept {
            // In the configuration a relative path would start at another folder.
            Some(path) => Ok(Self::Kept(std::path::absolute(path)?)),
            None => Ok(Self::Temporary(
                temporary().context("cannot create a temporary folder; name one with --data")?,
            )),
        }
    }

    fn path(&self) -> &Path {
        match self {
            Self::Kept(path) => path,
            Self::Temporary(folder) => folder.path(),
        }
    }
}
