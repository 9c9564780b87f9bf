//! Talisma (Anthology CRM) "Web Notification Server", both ends of it.
//!
//! It is one SOAP operation, `IPostNotification.PostNotification`: whoever has the phones tells the server that a user has a call, and a
//! phone session opens in that user's Web Client.
//!
//! * [`Desk`]: we are the notification server. A notification becomes a `notify` command; the answer leaves when it is in the journal.
//! * [`Telephony`]: a real notification server is our peer. Calls of agents who have a Talisma user id are posted to it.
//!
//! Which agent is which user the floor says: `peer_ids.talisma` of an agent is its Talisma user id.
//!
//! The vendor documents names and little else. What is a proposal of ours stands at each constant in [`wire`] and at each key of
//! the configuration. How to connect the real product: `docs/talisma.md`.

mod config;
mod desk;
mod error;
mod telephony;
pub mod wire;

pub use config::{
    Auth, CustomEntry, DIALECT, DeskConfig, NamedId, NotSignedIn, NotifyOn, PropertyPair, Soap,
    TelephonyConfig,
};
pub use desk::Desk;
pub use error::Error;
pub use telephony::{NO_NUMBER, NOT_TAKEN, SESSION_PAIR, Telephony};

/// What agents' Talisma user ids stand under in the floor's `peer_ids`.
pub const PEER_ID: &str = "talisma";

/// Agents and their user ids. Ids that are no integers are nobody's.
fn users(floor: &model::Floor) -> impl Iterator<Item = (model::AgentId, i32)> {
    floor.agents.iter().filter_map(|agent| Some((agent.id.clone(), agent.peer_id(PEER_ID)?.parse().ok()?)))
}
