//! The description of the dialect.

use model::SwitchId;
use session::dialect::{Context, Declaration, Dialect, End, Finding, PlainLink, WebSocketClient, made};

use crate::{DeskConfig, DeskSession};

/// The description of the dialect.
pub const DIALECT: Dialect = Dialect {
    name: "ari",
    product: "Asterisk",
    docs: "asterisk.md",
    package: env!("CARGO_PKG_NAME"),
    ends: &[Declaration::repeated::<DeskConfig>("", &["Asterisk, over its REST interface (ARI)."])
        .phones("Asterisk", &[])],
};

impl End for DeskConfig {
    type Session = DeskSession;

    fn switch(&self) -> Option<&SwitchId> {
        Some(&self.id)
    }

    fn binding(&self) -> WebSocketClient {
        WebSocketClient { authorization: self.authorization(), tls: self.tls() }
    }

    fn session(&self, context: &Context) -> Result<Self::Session, Finding> {
        made("", DeskSession::new(self.clone(), self.id.clone(), context.instance))
    }

    fn check(&self) -> Vec<Finding> {
        self.tls().check_client()
    }

    fn plain_link(&self) -> Option<PlainLink> {
        self.tls_ca.is_none().then(|| PlainLink { key: "server", address: self.server.to_string() })
    }

    fn summary(&self) -> String {
        format!("{} at {}, application {}", self.id, self.server, self.application)
    }
}
