//! A node in another process.

use std::{
    fs,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    process::{Child as Process, Command, Stdio},
    time::Duration,
};

use anyhow::{Context, Result, bail};
use model::Secret;
use tempfile::TempDir;

use super::plan;
use crate::client::{Client, Node};

/// How long a node may take to start.
const START_MAX: Duration = Duration::from_secs(60);
/// How often to check whether it has started.
const LOOK: Duration = Duration::from_millis(50);

/// A node in another process. Dropping this stops it.
pub(super) struct Child {
    process: Process,
    pub(super) http: SocketAddr,
    pub(super) uwq: SocketAddr,
    _folder: TempDir,
}

impl Child {
    /// Starts `cordboard serve` with a floor of this many agents, whose phones answer automatically.
    pub(super) async fn start(agents: usize) -> Result<Self> {
        Self::start_with(agents, "").await
    }

    /// The same with additional configuration.
    pub(super) async fn start_with(agents: usize, more: &str) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let (http, uwq) = (free()?, free()?);
        let auto: Vec<String> = (0..agents).map(|index| format!("\"{}\"", plan::agent(index))).collect();
        let config = format!(
            "[http]\nlisten = \"{http}\"\n[store]\npath = \"data\"\n[floor]\nfile = \"floor.toml\"\n[log]\nlevel = \"warn\"\n\
             [limits]\ncommands_per_second = 4294967295\n\
             [simulated]\nauto_answer = [{}]\nauto_answer_after = \"0s\"\n\
             [uwq.telephony]
listen = \"{uwq}\"
keep_alive = true
status_period = \"0s\"
\
             [talisma.desk]
not_signed_in = \"keep\"
{more}",
            auto.join(", ")
        );
        fs::write(folder.path().join("floor.toml"), plan::floor(agents, "0s")?)?;
        let file = folder.path().join("cordboard.toml");
        fs::write(&file, config)?;
        let program = std::env::current_exe().context("cannot find the path of this program")?;
        let mut command = Command::new(program);
        command.arg("serve").arg("--config").arg(&file).stdin(Stdio::null()).stdout(Stdio::null());
        let process = command.spawn().context("cannot start a node")?;
        let mut child = Self { process, http, uwq, _folder: folder };
        child.wait().await?;
        Ok(child)
    }

    /// A client with the token that the node wrote for this user.
    pub(super) fn client(&self) -> Result<Client> {
        Ok(Client::new(Node::at(self.http), None)?)
    }

    /// A client with this token.
    pub(super) fn client_with(&self, token: Secret) -> Client {
        Client::with_token(Node::at(self.http), token)
    }

    /// The resident memory of the node. Bytes.
    pub(super) fn memory(&self) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        let kib: u64 = line.trim().trim_end_matches("kB").trim().parse()?;
        Ok(kib * 1024)
    }

    async fn wait(&mut self) -> Result<()> {
        let until = tokio::time::Instant::now() + START_MAX;
        while tokio::net::TcpStream::connect(self.http).await.is_err() || self.client().is_err() {
            if let Some(status) = self.process.try_wait()? {
                bail!("the node ended with {status}");
            }
            if tokio::time::Instant::now() > until {
                bail!("the node did not start within {START_MAX:?}");
            }
            tokio::time::sleep(LOOK).await;
        }
        Ok(())
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // The process may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A free port.
fn free() -> Result<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}
