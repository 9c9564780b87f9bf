//! Limits that the protocol does not define.

use std::time::Duration;

/// The longest contact ID. Digits. Our choice: an ID of 64 bits has 19 (max.md §3.1).
pub const ID_DIGITS_MAX: usize = 32;

/// The longest issuer that is kept. Characters. Our choice: it is only used for logs (max.md §2.1).
pub const ISSUER_CHARS_MAX: usize = 64;

/// The longest text in an event, such as the name of a queue or a reason. Characters. Our choice.
pub const TEXT_CHARS_MAX: usize = 200;

/// The longest customer name of a card. Characters. Our choice (max.md §2.4).
pub const CARD_NAME_CHARS_MAX: usize = 200;

/// The longest address of a card's picture. Bytes. Our choice: a small picture fits as a `data:` address (max.md §2.4).
pub const CARD_IMAGE_BYTES_MAX: usize = 32 << 10;

/// The most warnings about one registration. Our choice: one for each invalid type (max.md §3).
pub const WARNINGS_MAX: usize = 8;

/// The most contacts that are reported to one agent's pages, the oldest first. Our choice: an acknowledgement with all of them is smaller than
/// [`session::MESSAGE_BYTES_MAX`].
pub const CONTACTS_MAX: usize = 24;

/// How long after a registration the end of loading may come for the registration to count as the new document's and not as the previous
/// one's. Our choice.
pub const LOADS_WITHIN: Duration = Duration::from_secs(10);

/// The most messages of one frame that wait for the first snapshot. Our choice (max.md §4.3).
pub const WAITING_MAX: usize = 16;

/// For how long a command is ignored if it repeats a pending one. Our choice: pages do not send a toggle
/// again on a timer (max.md §10), people press buttons twice.
pub const BUTTON_AGAIN: Duration = Duration::from_secs(2);

/// How long MAX may take to acknowledge a registration before it is sent again. Our choice (max.md §4.4).
pub const ACK_WITHIN: Duration = Duration::from_secs(3);

/// The longest pause between unanswered registrations. Each pause is twice as long as the one before. Our choice.
pub const REGISTER_PAUSE_MAX: Duration = Duration::from_secs(60);

/// How long an agent's calls are kept without a page. Our choice: a reloaded page comes back sooner.
pub const PAGE_BACK_WITHIN: Duration = Duration::from_secs(30);

/// How long MAX may take to report the effect of a command. Our choice.
pub const EFFECT_WITHIN: Duration = Duration::from_secs(10);

/// The most events of one envelope that are read. Our choice.
pub const EVENTS_MAX: usize = 1_000;

/// The most calls of one agent. With more, the oldest count as ended. Our choice.
pub const CALLS_PER_AGENT_MAX: usize = 64;

/// The most contacts whose calls are remembered for contacts that grow out of them. Our choice.
pub const CONTACTS_REMEMBERED_MAX: usize = 4_096;

/// The most requests of the hub that may wait for their effect. Our choice.
pub const REQUESTS_WAITING_MAX: usize = 1_024;

/// The most call data in one event, names and values. Bytes. Our choice: it is in the event twice.
pub const DATA_BYTES_MAX: usize = 65_536;

/// Contact IDs of consults begin here. The numbers of interactions are smaller, and all are whole numbers in JavaScript. Our choice.
pub const CONSULT_IDS_FROM: u64 = 1 << 52;
