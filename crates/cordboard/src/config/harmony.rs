//! Harmony's processor bridge, both ends.

use std::{collections::BTreeMap, net::SocketAddr, path::PathBuf};

use compact_str::CompactString;
use harmony::{ByteOrder, Credentials, DeskConfig, TelephonyConfig, WireConfig};
use model::{Secret, SwitchId};

use settings::{Address, IpRange, section};

/// Where clients are taken when nothing else is said. Ours: no page of the vendor's gives a port (harmony.md §1).
pub(crate) const HARMONY_PORT: u16 = 7850;

section! {
    /// Harmony's processor bridge.
    pub(crate) Harmony {
        /// We have the phones: the CTI client of a Harmony server, one for each processor.
        telephony: Telephony = list(),
        /// We are the desk: the processor bridge; a third party's CTI client is a switch of ours.
        desk: Desk = list(),
    }
}

section! {
    /// We have the phones.
    pub(crate) Telephony {
        /// The processor's name, the same at the Harmony server.
        processor: CompactString = required("\"CALLCENTER\""),
        /// Where its bridge listens.
        server: String = default("127.0.0.1:7850".to_owned()),
        /// With TLS: the authority that signed the bridge's certificate, PEM.
        tls_ca: PathBuf = path("\"ca.pem\""),
        /// A certificate of our own to show to the bridge, PEM; tls_key has to be given too.
        tls_certificate: PathBuf = path("\"client.pem\""),
        /// Its key, PEM.
        tls_key: PathBuf = path("\"client.key\""),
        /// How the four bytes in front of each message are ordered: "big" or "little".
        byte_order: ByteOrder = default(ByteOrder::Big),
        /// The longest message. Bytes.
        message_bytes_max: usize = default(1 << 20),
        /// Words that the other end says otherwise; see docs/harmony.md.
        words: Word = list(),
    }
}

section! {
    /// We are the desk.
    pub(crate) Desk {
        /// The client's name on the floor, as a switch.
        id: SwitchId = required("\"harmony\""),
        /// The processor's name, the same at the client.
        processor: CompactString = default("DEMO".into()),
        /// Where the client connects.
        listen: Address = default(Address::loopback(HARMONY_PORT)),
        /// From where clients may connect: addresses, and networks such as "10.1.0.0/16"; empty: from anywhere.
        /// It, or tls_client_ca, has to be given where other machines reach the listener: clients get passwords.
        allow: Vec<IpRange> = default(Vec::new()),
        /// With TLS: our certificate chain, PEM; tls_key has to be given too.
        tls_certificate: PathBuf = path("\"bridge.pem\""),
        /// Its key, PEM.
        tls_key: PathBuf = path("\"bridge.key\""),
        /// With TLS: only clients with a certificate of this authority get in, PEM.
        tls_client_ca: PathBuf = path("\"clients.pem\""),
        /// How the four bytes in front of each message are ordered: "big" or "little".
        byte_order: ByteOrder = default(ByteOrder::Big),
        /// The longest message. Bytes.
        message_bytes_max: usize = default(1 << 20),
        /// Words that the other end says otherwise; see docs/harmony.md.
        words: Word = list(),
        /// The agents that the client serves.
        agents: DeskAgent = list(),
    }
}

section! {
    /// A word that the other end says otherwise.
    pub(crate) Word {
        /// Which one: its name in the table.
        slot: CompactString = required("\"conversation.request.answer\""),
        /// What it is on the wire.
        text: CompactString = required("\"conversation.request.pickup\""),
    }
}

section! {
    /// An agent that a client serves.
    pub(crate) DeskAgent {
        /// The agent's id at the ACD.
        acd_id: CompactString = required("\"7101\""),
        /// The password at the ACD.
        password: Secret = secret("\"…\""),
    }
}

impl Telephony {
    /// As the session takes it.
    pub(crate) fn session(&self) -> TelephonyConfig {
        TelephonyConfig {
            processor: self.processor.clone(),
            server: self.server.clone(),
            wire: wire(self.byte_order, self.message_bytes_max, &self.words),
        }
    }
}

impl Desk {
    /// As the session takes it.
    pub(crate) fn session(&self) -> DeskConfig {
        DeskConfig {
            processor: self.processor.clone(),
            agents: self.agents.iter().map(DeskAgent::credentials).collect(),
            wire: wire(self.byte_order, self.message_bytes_max, &self.words),
        }
    }

    /// Where the client connects.
    pub(crate) fn listener(&self) -> SocketAddr {
        self.listen.socket()
    }

    /// Whether any machine may connect and is believed to be the client.
    pub(super) fn believes_anybody(&self) -> bool {
        let closed = self.tls_certificate.is_some() && self.tls_client_ca.is_some();
        !self.listen.socket().ip().to_canonical().is_loopback() && self.allow.is_empty() && !closed
    }
}

impl DeskAgent {
    fn credentials(&self) -> (CompactString, Credentials) {
        // A configuration in which one has none is refused before it gets here.
        let password = self.password.clone().unwrap_or_else(|| Secret::new(""));
        (self.acd_id.clone(), Credentials { password })
    }
}

fn wire(byte_order: ByteOrder, message_bytes_max: usize, words: &[Word]) -> WireConfig {
    let words: BTreeMap<_, _> = words.iter().map(|word| (word.slot.clone(), word.text.clone())).collect();
    WireConfig { byte_order, message_bytes_max, words }
}
