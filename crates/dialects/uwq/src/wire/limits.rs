//! The numbers of the protocol in one place.
//!
//! *Known*: a source gives it. *Ours*: no source reached gives one, so both ends of ours agree on it and most can be configured.

use std::time::Duration;

use wire::xml::Limits;

/// The longest request target that is read. Bytes. Ours (uwq.md §9).
pub const TARGET_BYTES_MAX: usize = 8_192;
/// The most parameters of one callout; the rest are not looked at. Ours: the longest callout has five.
pub const PARAMETERS_MAX: usize = 32;
/// The longest body of an event. Bytes. Ours (uwq.md §10).
pub const EVENT_BYTES_MAX: usize = 65_536;
/// What is read of an event or of a reply. Ours; a screen pop is flat, so little depth is needed.
pub const XML: Limits = Limits {
    bytes_max: EVENT_BYTES_MAX,
    depth_max: 8,
    elements_max: 512,
    attributes_max: 16,
    value_bytes_max: VALUE_BYTES_MAX,
    ..Limits::MESSAGE
};

/// The longest name of a data pair. Bytes. Known (uwq.md §7.5).
pub const NAME_BYTES_MAX: usize = 500;
/// The longest value of a data pair. Bytes. Known (uwq.md §7.5).
pub const VALUE_BYTES_MAX: usize = 1_996;
/// The longest caller number. Characters. Known (uwq.md §7.5).
pub const ANI_LENGTH_MAX: usize = 40;
/// The longest dialled number. Characters. Known (uwq.md §7.5).
pub const DNIS_LENGTH_MAX: usize = 30;
/// The most of all pairs of a screen pop together. Characters. Known: the generic form cuts there (uwq.md §7.3, §7.5).
pub const POP_LENGTH_MAX: usize = 1_850;
/// What the generic form adds to each pair: `=[`, `]` and a separator. Characters. Known (uwq.md §7.3).
pub const PAIR_LENGTH_EXTRA: usize = 4;

/// How long the connection for a POST may take. Ours (uwq.md §5.6).
pub const EVENT_CONNECT: Duration = Duration::from_secs(2);
/// How long the answer to a POST may take. Ours (uwq.md §5.6).
pub const EVENT_ANSWER: Duration = Duration::from_secs(5);
/// How long to wait before each try again when a listener was not reached. Ours (uwq.md §5.6).
pub const EVENT_RETRIES: [Duration; 3] =
    [Duration::from_millis(500), Duration::from_secs(1), Duration::from_secs(2)];
/// The most events that may wait for one listener before further calls are left out. Ours.
pub const EVENTS_WAITING_MAX: usize = 256;
/// The most callouts of which the hub has not answered a question. Ours.
pub const CALLOUTS_OPEN_MAX: usize = 8_192;

/// How long a registration lives at which nobody logs in. Ours: EBS sends `Login` right after `Register` (uwq.md §6.1).
pub const UNPROVEN_LIFE: Duration = Duration::from_secs(120);

/// How long the connection for a callout may take. Ours.
pub const CALLOUT_CONNECT: Duration = Duration::from_secs(2);
/// How long the answer to a callout may take. Ours: the softphone aims at 2 s (uwq.md §4.3).
pub const CALLOUT_ANSWER: Duration = Duration::from_secs(5);
/// How long to wait before the softphone is asked again for something of an agent's that it did not answer; the last one goes on. Ours.
pub const STEP_AGAIN: [Duration; 5] = [
    Duration::from_secs(1),
    Duration::from_secs(5),
    Duration::from_secs(15),
    Duration::from_secs(30),
    Duration::from_secs(60),
];
/// How long the answer to a `CheckStatus` may take. Ours (uwq.md §6.3).
pub const STATUS_ANSWER: Duration = Duration::from_secs(3);
/// Failures in a row after which the softphone counts as gone. Ours (uwq.md §6.3).
pub const FAILURES_MAX: u32 = 2;
/// The most calls to be made that may wait. Ours.
pub const DIALS_WAITING_MAX: usize = 64;
/// How often an agent is registered again in a row because the softphone knows it no longer. Ours.
pub const REGISTRATIONS_MAX: u8 = 3;
/// How long after a `MakeCall` a screen pop with its number is that call. Ours.
pub const DIAL_MATCH: Duration = Duration::from_secs(60);
/// How long a softphone that was started again has to announce the calls that live on. Ours.
pub const REANNOUNCE: Duration = Duration::from_secs(10);
/// The most calls that one phone of a softphone's may have. Ours.
pub const CALLS_PER_PHONE_MAX: usize = 8;
/// How many ids of calls that are over, or of which the screen pop is yet to come, are kept. Ours.
pub const CALLS_REMEMBERED_MAX: usize = 1_024;
