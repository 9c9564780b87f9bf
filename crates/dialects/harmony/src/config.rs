//! What can be configured.

use std::path::PathBuf;

use compact_str::CompactString;
use model::{Secret, SwitchId};
use serde::{Deserialize, Serialize};
use session::dialect::{Context, Declaration, Dialect, End, Finding, Listen, StreamBinding, TlsFiles, made};
use settings::{Address, IpRange, section};

use crate::{
    Desk, Error, Telephony,
    wire::{Words, limits::MESSAGE_BYTES_MAX},
};

/// The dialect as programs configure and run it.
pub const DIALECT: Dialect = Dialect {
    name: "harmony",
    product: "Harmony",
    docs: "harmony.md",
    package: env!("CARGO_PKG_NAME"),
    ends: &[
        Declaration::repeated::<TelephonyConfig>(
            "telephony",
            &["We have the phones: the CTI client of a Harmony server, one for each processor."],
        ),
        Declaration::repeated::<DeskConfig>(
            "desk",
            &[
                "Cordboard is the desk, a processor bridge. A third-party CTI client is a switch on the floor.",
            ],
        ),
    ],
};

/// Where clients are taken when nothing else is said. Ours: no page of the vendor's gives a port (harmony.md §1).
pub const PORT: u16 = 7850;

section! {
    /// The telephony end: we are the CTI client of a Harmony server.
    pub TelephonyConfig {
        /// The processor's name, the same at the Harmony server.
        // Source: harmony.md §1.
        processor: CompactString = required("\"CALLCENTER\""),
        /// Where its bridge listens.
        server: String = default("127.0.0.1:7850".to_owned()),
        /// With TLS: the authority that signed the bridge's certificate, PEM.
        tls_ca: PathBuf = path("\"ca.pem\""),
        /// A certificate of our own to show to the bridge, PEM; tls_key has to be given too.
        tls_certificate: PathBuf = path("\"client.pem\""),
        /// Its key, PEM.
        tls_key: PathBuf = path("\"client.key\""),
        /// How messages are written.
        wire: WireConfig = flat(),
    }
}

section! {
    /// The desk end: Cordboard is the processor bridge. The peer is a CTI client, which is a switch on the floor.
    pub DeskConfig {
        /// The client's name on the floor, as a switch.
        id: SwitchId = required("\"harmony\""),
        /// The processor's name, the same at the client.
        processor: CompactString = default("DEMO".into()),
        /// Where the client connects.
        listen: Address = default(Address::loopback(PORT)),
        /// From where clients may connect: addresses, and networks such as "10.1.0.0/16"; empty: from anywhere.
        /// It, or tls_client_ca, has to be given where other machines reach the listener: clients get passwords.
        allow: Vec<IpRange> = default(Vec::new()),
        /// With TLS: our certificate chain, PEM; tls_key has to be given too.
        tls_certificate: PathBuf = path("\"bridge.pem\""),
        /// Its key, PEM.
        tls_key: PathBuf = path("\"bridge.key\""),
        /// With TLS: only clients with a certificate of this authority get in, PEM.
        tls_client_ca: PathBuf = path("\"clients.pem\""),
        /// How messages are written.
        wire: WireConfig = flat(),
        /// The agents that the client serves.
        agents: Credentials = list(),
    }
}

section! {
    /// How messages are written: what no page of the vendor's says is configured here.
    pub WireConfig {
        /// How the four bytes in front of each message are ordered: "big" or "little".
        // Ours: network order (harmony.md §2.1).
        byte_order: ByteOrder = default(ByteOrder::Big),
        /// The longest message. Bytes.
        // Ours (harmony.md §2.1).
        message_bytes_max: usize = default(MESSAGE_BYTES_MAX),
        /// Words that the other end says otherwise; see docs/harmony.md.
        // Their slots are those of crate::wire::words.
        words: WordOverride = list(),
    }
}

section! {
    /// A word that the other end says otherwise.
    pub WordOverride {
        /// Which one: its name in the table.
        slot: CompactString = required("\"conversation.request.answer\""),
        /// What it is on the wire.
        text: CompactString = required("\"conversation.request.pickup\""),
    }
}

section! {
    /// What an agent logs in with at the phone system.
    pub Credentials {
        /// The agent's id at the ACD.
        acd_id: CompactString = required("\"7101\""),
        /// The password at the ACD.
        password: Secret = required_secret("\"…\""),
    }
}

impl End for TelephonyConfig {
    type Session = Telephony;

    fn name(&self) -> Option<String> {
        Some(format!("harmony-{}", self.processor))
    }

    fn binding(&self) -> StreamBinding {
        StreamBinding::Client { tls: tls(&self.tls_certificate, &self.tls_key, &self.tls_ca) }
    }

    fn session(&self, context: &Context) -> Result<Self::Session, Finding> {
        made("", Telephony::new(self.clone(), context.instance))
    }

    fn check(&self) -> Vec<Finding> {
        let unused = self.tls_certificate.is_some() && self.tls_ca.is_none();
        let unused = unused.then(|| Finding::new("", "tls_certificate means nothing without tls_ca"));
        half(&self.tls_certificate, &self.tls_key).into_iter().chain(unused).collect()
    }

    fn summary(&self) -> String {
        format!("processor {} of the bridge at {}", self.processor, self.server)
    }
}

impl End for DeskConfig {
    type Session = Desk;

    fn switch(&self) -> Option<&SwitchId> {
        Some(&self.id)
    }

    fn binding(&self) -> StreamBinding {
        let listen = Listen { key: "listen", address: self.listen.socket() };
        let tls = tls(&self.tls_certificate, &self.tls_key, &self.tls_client_ca);
        StreamBinding::Listener { listen, allow: self.allow.clone(), tls }
    }

    fn session(&self, context: &Context) -> Result<Self::Session, Finding> {
        made("", Desk::new(self.clone(), self.id.clone(), context.instance))
    }

    fn check(&self) -> Vec<Finding> {
        let unused = self.tls_client_ca.is_some() && self.tls_certificate.is_none();
        let unused = unused.then(|| Finding::new("", "tls_client_ca means nothing without tls_certificate"));
        let half = half(&self.tls_certificate, &self.tls_key);
        half.into_iter().chain(unused).chain(self.check_reach()).collect()
    }

    fn summary(&self) -> String {
        format!("processor {}", self.processor)
    }
}

fn tls(certificate: &Option<PathBuf>, key: &Option<PathBuf>, authority: &Option<PathBuf>) -> TlsFiles {
    TlsFiles { certificate: certificate.clone(), key: key.clone(), authority: authority.clone() }
}

fn half(certificate: &Option<PathBuf>, key: &Option<PathBuf>) -> Option<Finding> {
    let is_half = certificate.is_some() != key.is_some();
    is_half.then(|| Finding::new("", "tls_certificate and tls_key go together"))
}

impl TelephonyConfig {
    /// Checks the address.
    pub(crate) fn check_server(&self) -> Result<(), Error> {
        let parts = self.server.rsplit_once(':');
        match parts.filter(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok()) {
            Some(_) => Ok(()),
            None => Err(Error::Server { server: self.server.clone() }),
        }
    }
}

impl DeskConfig {
    /// Some client has to be told from others where other machines reach the listener.
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
    /// The table with what is said otherwise.
    pub fn words(&self) -> Result<Words, Error> {
        Words::new(&self.words.iter().map(|word| (word.slot.clone(), word.text.clone())).collect())
    }

    /// How frames are written.
    pub fn format(&self) -> wire::frame::Format {
        let order = match self.byte_order {
            ByteOrder::Big => wire::frame::ByteOrder::Big,
            ByteOrder::Little => wire::frame::ByteOrder::Little,
        };
        wire::frame::Format { order, bytes_max: self.message_bytes_max }
    }
}

/// How the four bytes of a length are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ByteOrder {
    /// The most significant first.
    #[default]
    Big,
    /// The least significant first.
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
