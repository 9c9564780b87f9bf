//! The settings of the dialect.

use std::path::PathBuf;

use compact_str::CompactString;
use model::{Secret, SwitchId};
use serde::{Deserialize, Serialize};
use session::dialect::{
    Context, Declaration, Dialect, End, Finding, Listen, PlainLink, StreamBinding, TlsFiles, made,
};
use settings::{Address, IpRange, section};

use crate::{
    DeskSession, Error, TelephonySession,
    wire::{Words, limits::MESSAGE_BYTES_MAX},
};

/// The description of the dialect.
pub const DIALECT: Dialect = Dialect {
    name: "harmony",
    product: "Harmony",
    docs: "harmony.md",
    package: env!("CARGO_PKG_NAME"),
    ends: &[
        Declaration::repeated::<TelephonyConfig>(
            "telephony",
            &["Cordboard has the phones: it is the CTI client of a Harmony server, one for each processor."],
        )
        .desk("Harmony server", &[]),
        Declaration::repeated::<DeskConfig>(
            "desk",
            &[
                "Cordboard is the desk, a processor bridge. A third-party CTI client is a switch on the floor.",
            ],
        )
        .phones("Harmony client", &[]),
    ],
};

/// The default port for clients. Our choice: no page of the vendor's gives a port (harmony.md §1).
pub const PORT: u16 = 7850;

section! {
    /// The telephony end: Cordboard is the CTI client of a Harmony server.
    pub TelephonyConfig {
        /// The name of the processor, the same as on the Harmony server.
        // Source: harmony.md §1.
        processor: CompactString = required("\"CALLCENTER\""),
        /// The address of the processor's bridge.
        server: String = default("127.0.0.1:7850".to_owned()),
        /// The authority that signed the bridge's certificate, PEM. Turns on TLS.
        tls_ca: PathBuf = path("\"ca.pem\""),
        /// A client certificate for the bridge, PEM. Requires tls_key.
        tls_certificate: PathBuf = path("\"client.pem\""),
        /// The key of the client certificate, PEM.
        tls_key: PathBuf = path("\"client.key\""),
        /// The format of messages.
        wire: WireConfig = flat(),
    }
}

section! {
    /// The desk end: Cordboard is the processor bridge. The peer is a CTI client, which is a switch on the floor.
    pub DeskConfig {
        /// The ID of the client as a switch on the floor.
        id: SwitchId = required("\"harmony\""),
        /// The name of the processor, the same as at the client.
        processor: CompactString = default("DEMO".into()),
        /// The address where the client connects.
        listen: Address = default(Address::loopback(PORT)),
        /// The addresses and networks, such as "10.1.0.0/16", from which clients may connect. Empty: any.
        /// Required, unless tls_client_ca is set, if other machines can reach the listener: clients get the agents' passwords.
        allow: Vec<IpRange> = default(Vec::new()),
        /// The name of the agents' channel group, sent in session.query.init. Empty: none is sent.
        channel_group: CompactString = default("Telephony".into()),
        /// Whether interaction.request.createconversation has the key "target", like the other create requests.
        /// The vendor documents two keys for it.
        name_conversation_target: bool = default(false),
        /// The bridge's certificate chain, PEM. Turns on TLS and requires tls_key.
        tls_certificate: PathBuf = path("\"bridge.pem\""),
        /// The key of the certificate, PEM.
        tls_key: PathBuf = path("\"bridge.key\""),
        /// With TLS: the authority whose certificates clients need, PEM.
        tls_client_ca: PathBuf = path("\"clients.pem\""),
        /// The format of messages.
        wire: WireConfig = flat(),
        /// The agents of the client.
        agents: Credentials = list(),
    }
}

section! {
    /// The format of messages: the parts that the vendor does not document.
    pub WireConfig {
        /// The byte order of the length before each message: "big" or "little".
        // Our choice: network order (harmony.md §2.1).
        byte_order: ByteOrder = default(ByteOrder::Big),
        /// The longest message. Bytes.
        // Our choice (harmony.md §2.1).
        message_bytes_max: usize = default(MESSAGE_BYTES_MAX),
        /// Words that the peer writes differently; see docs/harmony.md.
        // Their slots are those of crate::wire::words.
        words: WordOverride = list(),
    }
}

section! {
    /// A word that the peer writes differently.
    pub WordOverride {
        /// The word's name in the table.
        slot: CompactString = required("\"conversation.request.answer\""),
        /// The text on the wire.
        text: CompactString = required("\"conversation.request.pickup\""),
    }
}

section! {
    /// The credentials of an agent at the phone system.
    pub Credentials {
        /// The agent's ID at the ACD.
        acd_id: CompactString = required("\"7101\""),
        /// The agent's password at the ACD.
        password: Secret = required_secret("\"…\""),
    }
}

impl End for TelephonyConfig {
    type Session = TelephonySession;

    fn name(&self) -> Option<String> {
        Some(format!("harmony-{}", self.processor))
    }

    fn binding(&self) -> StreamBinding {
        StreamBinding::Client { tls: self.tls() }
    }

    fn session(&self, context: &Context) -> Result<Self::Session, Finding> {
        made("", TelephonySession::new(self.clone(), context.instance))
    }

    fn check(&self) -> Vec<Finding> {
        self.tls().check_client()
    }

    fn plain_link(&self) -> Option<PlainLink> {
        self.tls_ca.is_none().then(|| PlainLink { key: "server", address: self.server.clone() })
    }

    fn summary(&self) -> String {
        format!("processor {} of the bridge at {}", self.processor, self.server)
    }
}

impl End for DeskConfig {
    type Session = DeskSession;

    fn switch(&self) -> Option<&SwitchId> {
        Some(&self.id)
    }

    fn binding(&self) -> StreamBinding {
        let listen = Listen { key: "listen", address: self.listen.socket() };
        StreamBinding::Listener { listen, allow: self.allow.clone(), tls: self.tls() }
    }

    fn session(&self, context: &Context) -> Result<Self::Session, Finding> {
        made("", DeskSession::new(self.clone(), self.id.clone(), context.instance))
    }

    fn check(&self) -> Vec<Finding> {
        self.tls().check_listener().into_iter().chain(self.check_reach()).collect()
    }

    fn summary(&self) -> String {
        format!("processor {}", self.processor)
    }
}

impl TelephonyConfig {
    fn tls(&self) -> TlsFiles {
        TlsFiles::new(&self.tls_certificate, &self.tls_key, &self.tls_ca)
    }

    /// Checks the address of the bridge.
    pub(crate) fn check_server(&self) -> Result<(), Error> {
        let parts = self.server.rsplit_once(':');
        match parts.filter(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok()) {
            Some(_) => Ok(()),
            None => Err(Error::Server { server: self.server.clone() }),
        }
    }
}

impl DeskConfig {
    fn tls(&self) -> TlsFiles {
        TlsFiles::new(&self.tls_certificate, &self.tls_key, &self.tls_client_ca)
    }

    /// Checks that clients are restricted if other machines can reach the listener.
    fn check_reach(&self) -> Option<Finding> {
        let closed = self.tls_certificate.is_some() && self.tls_client_ca.is_some();
        let listen = self.listen.socket();
        let is_open = !listen.ip().to_canonical().is_loopback() && self.allow.is_empty() && !closed;
        let text = || {
            format!(
                "other machines reach {listen}, and clients get the agents' passwords; give tls_certificate, tls_key and tls_client_ca so that \
                 clients show certificates, or list in allow from where they may connect, or listen on 127.0.0.1"
            )
        };
        is_open.then(|| Finding::new("listen", text()))
    }
}

impl WireConfig {
    /// The table of words with the configured overrides.
    pub fn words(&self) -> Result<Words, Error> {
        Words::new(&self.words.iter().map(|word| (word.slot.clone(), word.text.clone())).collect())
    }

    /// The format of frames.
    pub fn format(&self) -> wire::frame::Format {
        let order = match self.byte_order {
            ByteOrder::Big => wire::frame::ByteOrder::Big,
            ByteOrder::Little => wire::frame::ByteOrder::Little,
        };
        wire::frame::Format { order, bytes_max: self.message_bytes_max }
    }
}

/// The byte order of a frame's length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ByteOrder {
    /// The most significant byte first.
    #[default]
    Big,
    /// The least significant byte first.
    Little,
}

/// The target of the processor itself (harmony.md §3).
pub(crate) fn control_target(processor: &str) -> Result<CompactString, Error> {
    let fits = |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '_');
    if processor.is_empty() || processor.len() > 64 || !processor.chars().all(fits) {
        return Err(Error::Processor { name: processor.to_owned() });
    }
    Ok(compact_str::format_compact!("{processor}.CONTROL"))
}
