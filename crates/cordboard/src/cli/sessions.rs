//! `cordboard sessions`: lists and ends sign-ins.

use anyhow::Result;
use clap::Args;
use model::{AccountName, Role, Timestamp};
use serde::{Deserialize, Serialize};

use super::{NodeArgs, query_string, segment};
use crate::output::{Iso, Out, Table, Zone};

const EXAMPLES: &str = "\
Examples:
  cordboard sessions
  cordboard sessions --account boss
  cordboard sessions --end 5f2c9a7d01b3e468
  cordboard sessions --account boss --end-all";

/// Show who is signed in, from where, and since when; end sign-ins.
///
/// A sign-in that ends is refused at its next request, and its connections end
/// immediately.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Sessions {
    /// Only the sign-ins of this account.
    #[arg(long)]
    account: Option<AccountName>,
    /// End the sign-in with this ID.
    #[arg(long, value_name = "ID", conflicts_with_all = ["account", "end_all"])]
    end: Option<String>,
    /// End all sign-ins of the account.
    #[arg(long, requires = "account")]
    end_all: bool,
    #[command(flatten)]
    at: NodeArgs,
}

/// The parameters of the API request.
#[derive(Serialize)]
struct Query {
    account: Option<AccountName>,
}

/// A sign-in, as the API returns it.
#[derive(Serialize, Deserialize)]
struct Session {
    id: String,
    account: AccountName,
    role: Role,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    since: Option<Timestamp>,
    used_at: Timestamp,
    expires_at: Timestamp,
    credential: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    address: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    client: Option<String>,
    sockets: usize,
}

/// How many sign-ins were ended.
#[derive(Serialize, Deserialize)]
struct Ended {
    ended: usize,
}

impl Sessions {
    pub(super) async fn run(self, out: Out) -> Result<()> {
        let Self { account, end, end_all, at } = self;
        let client = at.client()?;
        if let Some(id) = end {
            client.delete::<()>(&format!("/api/v1/sessions/{}", segment(&id))).await?;
            return Ok(out.note(&format!("session {id} ended"))?);
        }
        let path = format!("/api/v1/sessions{}", query_string(&Query { account })?);
        if end_all {
            let ended: Ended = client.delete(&path).await?;
            return Ok(out.one(&ended, |Ended { ended }| format!("{ended} sessions ended"))?);
        }
        let sessions: Vec<Iso<Session>> = client.list(&path).await?;
        Ok(out.list(&sessions, |sessions| table(sessions, &Zone::local()))?)
    }
}

fn table(sessions: &[Iso<Session>], zone: &Zone) -> Table {
    let head = ["SESSION", "ACCOUNT", "SINCE", "LAST USED", "BY", "ADDRESS", "OPEN", "CLIENT"];
    sessions.iter().fold(Table::new(head, "no account is signed in"), |table, Iso(session)| {
        let dash = || "-".to_owned();
        table.row([
            session.id.clone(),
            session.account.to_string(),
            session.since.map_or_else(dash, |since| zone.moment(since)),
            zone.moment(session.used_at),
            session.credential.clone(),
            session.address.clone().unwrap_or_else(dash),
            session.sockets.to_string(),
            session.client.clone().unwrap_or_else(dash),
        ])
    })
}
