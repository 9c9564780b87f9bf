//! How much is read and kept.

use std::time::Duration;

use wire::xml::Limits;

/// What is read of a request or of an answer. WCF takes as many bytes by default (talisma.md §3.8).
pub const MESSAGE: Limits = Limits { depth_max: 32, ..Limits::MESSAGE };
/// What is read of a WSDL document. Ours (talisma.md §8).
pub const WSDL: Limits =
    Limits { bytes_max: 1 << 20, elements_max: 20_000, text_bytes_max: 65_536, ..Limits::MESSAGE };
/// How many documents a service may be described in. Ours.
pub const WSDL_DOCUMENTS_MAX: usize = 16;
/// The most entries of `CustomList`. Ours.
pub const CUSTOM_MAX: usize = 64;
/// The most properties of one kind of object. Ours; the data of an interaction has 128 pairs.
pub const PROPERTIES_MAX: usize = 100;
/// The longest key, value or property. Bytes. Ours, and that of the data of an interaction.
pub const VALUE_BYTES_MAX: usize = 8_192;
/// How long the peer's machine may take to accept a connection (talisma.md §8).
pub const CONNECT: Duration = Duration::from_secs(3);
/// How long the peer may take to answer (talisma.md §8).
pub const ANSWER: Duration = Duration::from_secs(10);
/// Pauses before a notification that did not arrive is posted again; the last one from then on. Ours.
pub const RETRIES: [Duration; 4] =
    [Duration::from_millis(250), Duration::from_secs(1), Duration::from_secs(3), Duration::from_secs(8)];
/// How long a notification may wait to be posted when its call does not ring any more. Ours (talisma.md §11).
pub const WAIT_MAX: Duration = Duration::from_secs(60);
/// Pauses before the WSDL is asked for again; the last one from then on. Ours: notifications wait for it, and a call rings some 20 s.
pub const LEARN_AGAIN: [Duration; 4] =
    [Duration::from_secs(1), Duration::from_secs(2), Duration::from_secs(5), Duration::from_secs(10)];
/// How often one cause is logged. Ours.
pub const LOG_EVERY: Duration = Duration::from_secs(60);
/// How many causes are told apart in the log. Ours.
pub const CAUSES_MAX: usize = 64;
