//! `cordboard token`: creates, lists and revokes API tokens.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Result;
use clap::{Args, Subcommand, ValueEnum};
use model::{AccountName, AgentId, Role, Scope, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;
use settings::Span;

use super::{NodeArgs, segment};
use crate::output::{Iso, Out, Table, Zone, word};

const EXAMPLES: &str = "\
Examples:
  cordboard token create wallboard --role supervisor --scope read
  cordboard token create crm --scope read,contacts --expires 90d > crm.token
  cordboard token list
  cordboard token revoke crm

A program sends the token as `Authorization: Bearer …`, and commands of
cordboard read it from CORDBOARD_TOKEN.";

/// Create, list and revoke API tokens: credentials of programs.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Token {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Create a token and write it.
    ///
    /// The node does not store the token, so it cannot be shown again.
    Create(Create),
    /// List the tokens, without their texts.
    List {
        #[command(flatten)]
        at: NodeArgs,
    },
    /// Revoke a token. Its connections end immediately.
    Revoke {
        /// The name of the token.
        name: AccountName,
        #[command(flatten)]
        at: NodeArgs,
    },
}

#[derive(Debug, Args)]
struct Create {
    /// A name for people. In events the account is this name after `token:`.
    name: AccountName,
    /// The role with which it acts.
    #[arg(long, value_enum, default_value_t = TokenRole::Integration)]
    role: TokenRole,
    /// The agent for which it acts: with the role agent.
    #[arg(long, value_name = "ID")]
    agent: Option<AgentId>,
    /// What it may be used for, separated by commas.
    #[arg(long = "scope", value_enum, value_delimiter = ',', required = true, value_name = "SCOPES")]
    scopes: Vec<TokenScope>,
    /// After which time it expires, at most 366d.
    #[arg(long, value_name = "TIME", default_value = "90d")]
    expires: Span,
    #[command(flatten)]
    at: NodeArgs,
}

/// The roles of tokens.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum TokenRole {
    /// Acts for all agents.
    Integration,
    /// Sees all agents, and does what a supervisor may.
    Supervisor,
    /// Acts for one agent.
    Agent,
}

impl From<TokenRole> for Role {
    fn from(role: TokenRole) -> Self {
        match role {
            TokenRole::Integration => Self::Integration,
            TokenRole::Supervisor => Self::Supervisor,
            TokenRole::Agent => Self::Agent,
        }
    }
}

/// The scopes of tokens.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum TokenScope {
    /// Read the current state and the floor, and follow events.
    Read,
    /// Send commands.
    Commands,
    /// Read contacts, and change them if the role may.
    Contacts,
    /// Read completed interactions, times of agents and waits.
    History,
}

impl From<TokenScope> for Scope {
    fn from(scope: TokenScope) -> Self {
        match scope {
            TokenScope::Read => Self::Read,
            TokenScope::Commands => Self::Commands,
            TokenScope::Contacts => Self::Contacts,
            TokenScope::History => Self::History,
        }
    }
}

/// A new token, as the API returns it.
#[derive(Serialize, Deserialize)]
struct Created {
    token: String,
    #[serde(flatten)]
    view: TokenView,
}

/// A token, as the API returns it.
#[derive(Serialize, Deserialize)]
struct TokenView {
    name: AccountName,
    role: Role,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    agent: Option<AgentId>,
    scopes: Vec<Scope>,
    created_at: Timestamp,
    created_by: AccountName,
    expires_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    used_at: Option<Timestamp>,
}

impl Token {
    pub(super) async fn run(self, out: Out) -> Result<()> {
        match self.what {
            What::Create(create) => create.run(out).await,
            What::List { at } => {
                let tokens: Vec<Iso<TokenView>> = at.client()?.list("/api/v1/tokens").await?;
                Ok(out.list(&tokens, |tokens| table(tokens, &Zone::local()))?)
            }
            What::Revoke { name, at } => {
                let path = format!("/api/v1/tokens/{}", segment(name.as_str()));
                at.client()?.delete::<()>(&path).await?;
                Ok(out.note(&format!("token {name} revoked"))?)
            }
        }
    }
}

impl Create {
    async fn run(self, out: Out) -> Result<()> {
        let Self { name, role, agent, scopes, expires, at } = self;
        let scopes: Vec<Scope> = scopes.into_iter().map(Scope::from).collect();
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let expires_at = u64::try_from((now + expires.duration()).as_millis()).unwrap_or(u64::MAX);
        let body = json!({
            "name": name, "role": Role::from(role), "agent": agent, "scopes": scopes, "expires_at": expires_at,
        });
        let created: Iso<Created> = at.client()?.post("/api/v1/tokens", &body).await?;
        Ok(out.one(&created, |Iso(created)| created.token.clone())?)
    }
}

fn table(tokens: &[Iso<TokenView>], zone: &Zone) -> Table {
    let head = ["NAME", "ROLE", "AGENT", "SCOPES", "CREATED", "BY", "EXPIRES", "LAST USED"];
    tokens.iter().fold(Table::new(head, "no API tokens"), |table, Iso(token)| {
        let scopes: Vec<&str> = token.scopes.iter().map(|scope| scope.as_str()).collect();
        table.row([
            token.name.to_string(),
            word(&token.role),
            token.agent.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string),
            scopes.join(","),
            zone.moment(token.created_at),
            token.created_by.to_string(),
            zone.moment(token.expires_at),
            token.used_at.map_or_else(|| "never".to_owned(), |at| zone.moment(at)),
        ])
    })
}
