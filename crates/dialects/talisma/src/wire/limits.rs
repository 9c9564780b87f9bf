//! Limits on sizes, counts and times.

use std::time::Duration;

use wire::xml::Limits;

/// The limits for reading a request or an answer. WCF accepts as many bytes by default (talisma.md §3.8).
pub const MESSAGE: Limits = Limits { depth_max: 32, ..Limits::MESSAGE };
/// The limits for reading a WSDL document. Our choice (talisma.md §8).
pub const WSDL: Limits =
    Limits { bytes_max: 1 << 20, elements_max: 20_000, text_bytes_max: 65_536, ..Limits::MESSAGE };
/// The most documents of one WSDL. Our choice.
pub const WSDL_DOCUMENTS_MAX: usize = 16;
/// The most entries of `CustomList`. Our choice.
pub const CUSTOM_MAX: usize = 64;
/// The most properties of one kind of object. Our choice; the data of an interaction has 128 pairs.
pub const PROPERTIES_MAX: usize = 100;
/// The longest key, value or property, in bytes. Our choice: the limit of the data of an interaction.
pub const VALUE_BYTES_MAX: usize = 8_192;
/// How long the peer's machine may take to accept a connection (talisma.md §8).
pub const CONNECT: Duration = Duration::from_secs(3);
/// How long the peer may take to answer (talisma.md §8).
pub const ANSWER: Duration = Duration::from_secs(10);
/// Pauses before a notification that did not arrive is posted again. The last one repeats. Our choice.
pub const RETRIES: [Duration; 4] =
    [Duration::from_millis(250), Duration::from_secs(1), Duration::from_secs(3), Duration::from_secs(8)];
/// How long a notification may wait when its call does not ring any more. Our choice (talisma.md §11).
pub const WAIT_MAX: Duration = Duration::from_secs(60);
/// Pauses before the WSDL is requested again. The last one repeats. Our choice: notifications wait for it, and a call rings some 20 s.
pub const LEARN_AGAIN: [Duration; 4] =
    [Duration::from_secs(1), Duration::from_secs(2), Duration::from_secs(5), Duration::from_secs(10)];
/// How often one cause is logged. Our choice.
pub const LOG_EVERY: Duration = Duration::from_secs(60);
/// The most causes that the log distinguishes. Our choice.
pub const CAUSES_MAX: usize = 64;
