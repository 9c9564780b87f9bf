//! Talisma's Web Notification Server, from `docs/protocols/talisma.md`.

mod clock;
mod contract;
mod desk;
mod telephony;

use std::net::SocketAddr;

use crate::{End, Suite};

pub use self::{desk::run as desk, telephony::run as telephony};

/// The requirements for a client that posts notifications.
pub const TELEPHONY: Suite = Suite {
    dialect: "talisma",
    end: End::Telephony,
    requirements: telephony::REQUIREMENTS,
    steps: telephony::STEPS,
};

/// The requirements for a notification server.
pub const DESK: Suite =
    Suite { dialect: "talisma", end: End::Desk, requirements: desk::REQUIREMENTS, steps: desk::STEPS };

/// The port of the run when it is the notification server.
pub const PORT: u16 = 8090;

/// The path of the service when the run is the notification server (talisma.md §2.1).
pub const PATH: &str = "/TalismaWebNotificationServer/PostNotification.svc";

/// The account and the user of the run, as both ends know them.
#[derive(Debug, Clone)]
pub struct Parties {
    /// The name of the account that posts.
    pub account: String,
    /// The password of the account.
    pub password: String,
    /// The Talisma user ID of the agent.
    pub user: i32,
}

/// The namespaces of the service (talisma.md §2.1).
#[derive(Debug, Clone)]
pub struct Namespaces {
    /// The namespace of the service.
    pub service: String,
    /// The namespace of the members.
    pub data: String,
}

impl Default for Namespaces {
    fn default() -> Self {
        Self {
            service: "http://tempuri.org/".to_owned(),
            data: "http://schemas.datacontract.org/2004/07/Talisma.Web.Notification".to_owned(),
        }
    }
}

/// How to test a client that posts notifications.
#[derive(Debug, Clone)]
pub struct Client {
    /// Where the run accepts notifications.
    pub listen: SocketAddr,
    /// Who posts, and for whom.
    pub parties: Parties,
    /// The namespaces.
    pub namespaces: Namespaces,
    /// The number of the customer who calls, if it is known.
    pub customer: Option<String>,
}

/// How to test a notification server.
#[derive(Debug, Clone)]
pub struct Server {
    /// The address of the service.
    pub to: String,
    /// Who posts, and for whom.
    pub parties: Parties,
    /// The namespaces.
    pub namespaces: Namespaces,
    /// The ID of a contact to show.
    pub contact: i32,
}
