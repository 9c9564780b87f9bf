//! Limits and proposals: what the protocol does not say, in one place.

use std::time::Duration;

/// The longest contact id. Digits. Ours: an id of 64 bits has 19 (max.md §3.1).
pub const ID_DIGITS_MAX: usize = 32;

/// The longest issuer that is kept and repeated. Characters. Ours: it only gives context to logs (max.md §2.1).
pub const ISSUER_CHARS_MAX: usize = 64;

/// The longest text in an event: the name of a queue, of a reason. Characters. Ours.
pub const TEXT_CHARS_MAX: usize = 200;

/// The longest customer name of a card. Characters. Ours (max.md §2.4).
pub const CARD_NAME_CHARS_MAX: usize = 200;

/// The longest address of a card's picture. Bytes. Ours: a small picture fits as a `data:` address (max.md §2.4).
pub const CARD_IMAGE_BYTES_MAX: usize = 32 << 10;

/// The most warnings about one registration. Ours: one for each type that is none (max.md §3).
pub const WARNINGS_MAX: usize = 8;

/// The most contacts that one agent's pages are told of; the oldest come first. Ours: with them all, an acknowledgement has less than
/// [`session::MESSAGE_BYTES_MAX`].
pub const CONTACTS_MAX: usize = 24;

/// How long a document may take from its registration to the end of its loading, for the registration to be taken as its own and not as
/// that of the document before. Ours.
pub const LOADS_WITHIN: Duration = Duration::from_secs(10);

/// The most messages of one frame that wait until the hub has told the state of things. Ours (max.md §4.3).
pub const WAITING_MAX: usize = 16;

/// For how long a command is passed over that was given before and has not shown its effect. Ours: pages do not send a toggle
/// again on a timer (max.md §10), people press buttons twice.
pub const BUTTON_AGAIN: Duration = Duration::from_secs(2);

/// How long MAX may take to acknowledge a registration before it is sent again. Ours (max.md §4.4).
pub const ACK_WITHIN: Duration = Duration::from_secs(3);

/// The longest pause between registrations that MAX leaves without an answer: each pause is twice the one before. Ours.
pub const REGISTER_PAUSE_MAX: Duration = Duration::from_secs(60);

/// How long an agent's calls are kept without a page of the agent's: one that is reloaded comes back sooner. Ours.
pub const PAGE_BACK_WITHIN: Duration = Duration::from_secs(30);

/// How long MAX may take to show what a command has done. Ours.
pub const EFFECT_WITHIN: Duration = Duration::from_secs(10);

/// The most events of one envelope that are read. Ours.
pub const EVENTS_MAX: usize = 1_000;

/// The most calls of one agent; of more the oldest are taken to be over. Ours.
pub const CALLS_PER_AGENT_MAX: usize = 64;

/// How many requests of the hub's may wait for their effect; more are refused. Ours.
pub const REQUESTS_WAITING_MAX: usize = 1_024;
