//! `cordboard second-factor`: second factors of accounts.

use anyhow::Result;
use clap::{Args, Subcommand};
use model::{AccountName, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{NodeArgs, segment};
use crate::output::{Iso, Out, Table, Zone};

const EXAMPLES: &str = "\
Examples:
  cordboard second-factor enroll admin
      make a secret for an authenticator app
  cordboard second-factor confirm admin 123456
      use it from now on; writes the recovery codes
  cordboard second-factor remove admin
      the phone is lost: the password alone is enough again

An operator on the machine of the node needs neither password nor code. Others
do this for their own account with the API.";

/// Manage the second factors of accounts: time-based codes of an app.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct SecondFactor {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// List the accounts that have a second factor.
    List {
        #[command(flatten)]
        at: NodeArgs,
    },
    /// Make a second factor, and write its secret and its URL.
    ///
    /// It is used after `cordboard second-factor confirm`.
    Enroll {
        /// The account.
        account: AccountName,
        #[command(flatten)]
        at: NodeArgs,
    },
    /// Confirm a second factor with a code, and write the recovery codes.
    ///
    /// Each recovery code is accepted once in place of a code. They cannot be
    /// shown again.
    Confirm {
        /// The account.
        account: AccountName,
        /// The code that the authenticator shows.
        code: String,
        #[command(flatten)]
        at: NodeArgs,
    },
    /// Remove a second factor.
    Remove {
        /// The account.
        account: AccountName,
        #[command(flatten)]
        at: NodeArgs,
    },
}

/// The second factor of an account, as the API returns it.
#[derive(Serialize, Deserialize)]
struct View {
    account: AccountName,
    enrolled_at: Timestamp,
    confirmed: bool,
    recovery_codes: usize,
}

/// A new second factor, as the API returns it.
#[derive(Serialize, Deserialize)]
struct Enrolled {
    secret: String,
    url: String,
}

/// Recovery codes, as the API returns them.
#[derive(Serialize, Deserialize)]
struct RecoveryCodes {
    recovery_codes: Vec<String>,
}

impl SecondFactor {
    pub(super) async fn run(self, out: Out) -> Result<()> {
        match self.what {
            What::List { at } => {
                let factors: Vec<Iso<View>> = at.client()?.list("/api/v1/second-factors").await?;
                out.list(&factors, |factors| table(factors, &Zone::local()))?;
            }
            What::Enroll { account, at } => {
                let enrolled: Enrolled = at.client()?.post(&path(&account, ""), &json!({})).await?;
                out.one(&enrolled, |Enrolled { secret, url }| format!("{secret}\n{url}"))?;
            }
            What::Confirm { account, code, at } => {
                let body = json!({ "code": code });
                let codes: RecoveryCodes = at.client()?.post(&path(&account, "/confirm"), &body).await?;
                out.one(&codes, |codes| codes.recovery_codes.join("\n"))?;
            }
            What::Remove { account, at } => {
                at.client()?.post::<()>(&path(&account, "/remove"), &json!({})).await?;
                out.note(&format!("account {account} has no second factor now"))?;
            }
        }
        Ok(())
    }
}

fn path(account: &AccountName, action: &str) -> String {
    format!("/api/v1/second-factors/{}{action}", segment(account.as_str()))
}

fn table(factors: &[Iso<View>], zone: &Zone) -> Table {
    let head = ["ACCOUNT", "ENROLLED", "STATE", "RECOVERY CODES"];
    factors.iter().fold(Table::new(head, "no account has a second factor"), |table, Iso(factor)| {
        table.row([
            factor.account.to_string(),
            zone.moment(factor.enrolled_at),
            if factor.confirmed { "in use" } else { "waits for its first code" }.to_owned(),
            factor.recovery_codes.to_string(),
        ])
    })
}
