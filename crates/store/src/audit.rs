//! The audit trail: who changed or looked at what, in a chain of hashes.

use std::{fmt, net::IpAddr, str::FromStr};

use model::{AccountName, Principal, Role, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The largest detail of an event. Bytes of JSON. Our choice: the largest legitimate ones are lists of changed IDs.
pub const DETAIL_BYTES_MAX: usize = 16 << 10;

/// How an actor proved who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Credential {
    /// A password.
    Password,
    /// A password and a second factor.
    PasswordAndCode,
    /// An account of an external sign-in service.
    Provider,
    /// An API token.
    ApiToken,
    /// The token file of a node: a command of the same operating system user.
    Local,
    /// The protocol of a peer.
    Peer,
    /// The node itself, such as its configuration.
    Node,
    /// Nothing: a sign-in that failed.
    None,
}

/// Who does something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The account. Absent for the node itself and for names that are not an account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountName>,
    /// The role of the account at that time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// How the actor proved who it is.
    pub credential: Credential,
    /// The address of the client.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<IpAddr>,
}

impl Actor {
    /// The node itself.
    pub const NODE: Self = Self { account: None, role: None, credential: Credential::Node, address: None };

    /// An authenticated account.
    pub fn new(principal: &Principal, credential: Credential, address: Option<IpAddr>) -> Self {
        let (account, role) = (Some(principal.account.clone()), Some(principal.role));
        Self { account, role, credential, address }
    }
}

/// What an event of the audit trail reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AuditAction {
    /// A node started with a configuration.
    ConfigurationLoaded,
    /// A running node read a part of its configuration again.
    ConfigurationReloaded,
    /// A floor was applied, perhaps with accounts and contacts.
    FloorApplied,
    /// An account signed in.
    SignedIn,
    /// A sign-in failed.
    SignInFailed,
    /// An account signed out.
    SignedOut,
    /// A signed-in session was ended by somebody.
    SessionEnded,
    /// An API token was created.
    TokenCreated,
    /// An API token was revoked.
    TokenRevoked,
    /// A second factor was enrolled, confirmed or removed.
    SecondFactorChanged,
    /// A contact was added or replaced.
    ContactWritten,
    /// A contact was deleted.
    ContactDeleted,
    /// The history of others was read.
    HistoryRead,
    /// The audit trail was read.
    AuditRead,
    /// The end of an interaction was forced.
    ForceEnd,
    /// A supervisor or an admin changed the state of another agent.
    AgentChanged,
    /// Old entries of the audit trail were deleted. The detail has the last deleted number and its hash.
    AuditPruned,
}

impl AuditAction {
    /// All actions.
    pub const ALL: [Self; 17] = [
        Self::ConfigurationLoaded,
        Self::ConfigurationReloaded,
        Self::FloorApplied,
        Self::SignedIn,
        Self::SignInFailed,
        Self::SignedOut,
        Self::SessionEnded,
        Self::TokenCreated,
        Self::TokenRevoked,
        Self::SecondFactorChanged,
        Self::ContactWritten,
        Self::ContactDeleted,
        Self::HistoryRead,
        Self::AuditRead,
        Self::ForceEnd,
        Self::AgentChanged,
        Self::AuditPruned,
    ];

    /// The name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ConfigurationLoaded => "configuration-loaded",
            Self::ConfigurationReloaded => "configuration-reloaded",
            Self::FloorApplied => "floor-applied",
            Self::SignedIn => "signed-in",
            Self::SignInFailed => "sign-in-failed",
            Self::SignedOut => "signed-out",
            Self::SessionEnded => "session-ended",
            Self::TokenCreated => "token-created",
            Self::TokenRevoked => "token-revoked",
            Self::SecondFactorChanged => "second-factor-changed",
            Self::ContactWritten => "contact-written",
            Self::ContactDeleted => "contact-deleted",
            Self::HistoryRead => "history-read",
            Self::AuditRead => "audit-read",
            Self::ForceEnd => "force-end",
            Self::AgentChanged => "agent-changed",
            Self::AuditPruned => "audit-pruned",
        }
    }
}

/// An event for the audit trail. It contains no secret.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AuditEvent {
    /// When it happened.
    pub at: Timestamp,
    /// Who did it.
    pub actor: Actor,
    /// What was done.
    pub action: AuditAction,
    /// What it was done to: an ID, a name or a path.
    pub object: String,
    /// More about it.
    pub detail: Value,
}

impl AuditEvent {
    /// Creates an event. A detail over [`DETAIL_BYTES_MAX`] is replaced by its size.
    pub fn new(
        at: Timestamp,
        actor: Actor,
        action: AuditAction,
        object: impl Into<String>,
        detail: Value,
    ) -> Self {
        let bytes = detail.to_string().len();
        let detail = if bytes > DETAIL_BYTES_MAX { json!({ "left_out_bytes": bytes }) } else { detail };
        Self { at, actor, action, object: object.into(), detail }
    }
}

/// A SHA-256 hash of the audit trail, written as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AuditHash(pub [u8; 32]);

impl AuditHash {
    /// The hash before the first entry.
    pub const START: Self = Self([0; 32]);
}

impl fmt::Display for AuditHash {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
    }
}

impl fmt::Debug for AuditHash {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{self}")
    }
}

impl From<AuditHash> for String {
    fn from(hash: AuditHash) -> Self {
        hash.to_string()
    }
}

/// Why a text is not a hash of the audit trail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a hash of the audit trail has 64 hexadecimal digits")]
pub struct NotAuditHash;

impl FromStr for AuditHash {
    type Err = NotAuditHash;

    fn from_str(text: &str) -> Result<Self, NotAuditHash> {
        if text.len() != 64 || !text.is_ascii() {
            return Err(NotAuditHash);
        }
        let mut hash = [0; 32];
        for (byte, at) in hash.iter_mut().zip((0..).step_by(2)) {
            *byte = u8::from_str_radix(&text[at..at + 2], 16).map_err(|_| NotAuditHash)?;
        }
        Ok(Self(hash))
    }
}

impl TryFrom<String> for AuditHash {
    type Error = NotAuditHash;

    fn try_from(text: String) -> Result<Self, NotAuditHash> {
        text.parse()
    }
}

/// An entry of the audit trail.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// Its number, from 1.
    pub number: u64,
    /// The event.
    #[serde(flatten)]
    pub event: AuditEvent,
    /// The hash of the previous entry and this one.
    pub hash: AuditHash,
}

/// The newest entry of the audit trail. It stands for all entries before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditHead {
    /// The number of the entry; 0 before the first one.
    pub number: u64,
    /// The hash of the entry.
    pub hash: AuditHash,
}

impl Default for AuditHead {
    fn default() -> Self {
        Self { number: 0, hash: AuditHash::START }
    }
}

/// An entry as it is stored: the columns, and the exact text from which the hash is computed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// The number.
    pub number: u64,
    /// The time.
    pub at: Timestamp,
    /// The account, for searches.
    pub account: Option<String>,
    /// The action, for searches.
    pub action: String,
    /// The entry in JSON, without its hash.
    pub body: String,
    /// The hash of the previous entry's hash and the body.
    pub hash: AuditHash,
}

/// Which entries of the audit trail to return.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditQuery {
    /// Of this account.
    pub account: Option<AccountName>,
    /// With this action.
    pub action: Option<AuditAction>,
    /// At or after this time.
    pub from: Option<Timestamp>,
    /// Before this time.
    pub until: Option<Timestamp>,
    /// With a lower number than this.
    pub before: Option<u64>,
    /// At most this many, and at most [`crate::LIMIT_MAX`].
    pub limit: usize,
}

impl Default for AuditQuery {
    fn default() -> Self {
        let limit = crate::LIMIT_MAX;
        Self { account: None, action: None, from: None, until: None, before: None, limit }
    }
}

/// Which entries of the audit trail to keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditKept {
    /// Entries from this time on.
    pub from: Timestamp,
    /// At most this many of the newest.
    pub entries_max: u64,
}
