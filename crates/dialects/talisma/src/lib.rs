//! Both ends of the Talisma (Anthology CRM) "Web Notification Server".
//!
//! The protocol has one SOAP operation, `IPostNotification.PostNotification`: the phone system notifies the server that a user has a call,
//! and a phone session opens in that user's Web Client.
//!
//! * [`DeskSession`]: Cordboard is the notification server. A notification becomes a `notify` command; it is answered once it is in the journal.
//! * [`TelephonySession`]: the peer is a real notification server. Calls of agents who have a Talisma user id are posted to it.
//!
//! Agents and users are matched in the floor: `peer_ids.talisma` of an agent is its Talisma user id.
//!
//! The vendor documents names and little else. What is our choice is marked at each constant in [`wire`] and at each key of the
//! configuration. How to connect the real product: `docs/talisma.md`.

mod config;
mod desk;
mod error;
mod telephony;
pub mod wire;

pub use config::{
    Auth, CustomEntry, DIALECT, DeskConfig, DigestAccount, NamedId, NotSignedIn, NotifyOn, PropertyPair,
    Soap, TelephonyConfig,
};
pub use desk::DeskSession;
pub use error::Error;
pub use telephony::{NO_NUMBER, NOT_TAKEN, SESSION_PAIR, TelephonySession};

/// The key of the Talisma user ids in the floor's `peer_ids`.
pub const PEER_ID: &str = "talisma";

/// The agents with Talisma user ids. Ids that are not integers are ignored.
fn users(floor: &model::Floor) -> impl Iterator<Item = (model::AgentId, i32)> {
    floor.agents.iter().filter_map(|agent| Some((agent.id.clone(), agent.peer_id(PEER_ID)?.parse().ok()?)))
}
