//! Limits and time spans of the protocol.
//!
//! *Known*: a source gives the value. *Our choice*: no available source gives one, so both ends use our value, and most can be configured.

use std::time::Duration;

use wire::xml::Limits;

/// The longest request target that is read. Bytes. Our choice (uwq.md §9).
pub const TARGET_BYTES_MAX: usize = 8_192;
/// The most parameters of one callout that are read. Our choice: the longest callout has five.
pub const PARAMETERS_MAX: usize = 32;
/// The longest body of an event. Bytes. Our choice (uwq.md §10).
pub const EVENT_BYTES_MAX: usize = 65_536;
/// The limits for reading an event or a reply. Our choice: a screen pop is flat, so little depth is needed.
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
/// The longest dialed number. Characters. Known (uwq.md §7.5).
pub const DNIS_LENGTH_MAX: usize = 30;
/// The most characters of all pairs of a screen pop. Known: the generic form cuts there (uwq.md §7.3, §7.5).
pub const POP_LENGTH_MAX: usize = 1_850;
/// How many characters the generic form adds to each pair: `=[`, `]` and a separator. Known (uwq.md §7.3).
pub const PAIR_LENGTH_EXTRA: usize = 4;

/// How long the connection for a POST may take. Our choice (uwq.md §5.6).
pub const EVENT_CONNECT: Duration = Duration::from_secs(2);
/// How long the answer to a POST may take. Our choice (uwq.md §5.6).
pub const EVENT_ANSWER: Duration = Duration::from_secs(5);
/// The pause before each retry of an event whose listener was unreachable. Our choice (uwq.md §5.6).
pub const EVENT_RETRIES: [Duration; 3] =
    [Duration::from_millis(500), Duration::from_secs(1), Duration::from_secs(2)];
/// The most events that may wait for one listener. With more, further calls are not announced. Our choice.
pub const EVENTS_WAITING_MAX: usize = 256;
/// The most open callouts. Our choice.
pub const CALLOUTS_OPEN_MAX: usize = 8_192;

/// How long a registration without a login lasts. Our choice: EBS sends `Login` right after `Register` (uwq.md §6.1).
pub const UNPROVEN_LIFE: Duration = Duration::from_secs(120);

/// How long the connection for a callout may take. Our choice.
pub const CALLOUT_CONNECT: Duration = Duration::from_secs(2);
/// How long the answer to a callout may take. Our choice: the softphone aims at 2 s (uwq.md §4.3).
pub const CALLOUT_ANSWER: Duration = Duration::from_secs(5);
/// The pauses before repeated agent steps; the last one repeats. Our choice.
pub const STEP_AGAIN: [Duration; 5] = [
    Duration::from_secs(1),
    Duration::from_secs(5),
    Duration::from_secs(15),
    Duration::from_secs(30),
    Duration::from_secs(60),
];
/// How long the answer to a `MakeCall` waits for the answer of the switch. Our choice: the softphone aims at 2 s (uwq.md §4.3).
pub const DIAL_ANSWER: Duration = Duration::from_secs(2);
/// How long the answer to a `CheckStatus` may take. Our choice (uwq.md §6.3).
pub const STATUS_ANSWER: Duration = Duration::from_secs(3);
/// After this many failures in a row the softphone counts as unreachable. Our choice (uwq.md §6.3).
pub const FAILURES_MAX: u32 = 2;
/// The most calls that may wait to be made. Our choice.
pub const DIALS_WAITING_MAX: usize = 64;
/// How many times in a row an agent that the softphone has forgotten is registered again. Our choice.
pub const REGISTRATIONS_MAX: u8 = 3;
/// How long after a `MakeCall` a screen pop with its number counts as that call. Our choice.
pub const DIAL_MATCH: Duration = Duration::from_secs(60);
/// How long a restarted softphone has to announce its live calls again. Our choice.
pub const REANNOUNCE: Duration = Duration::from_secs(10);
/// The most calls at one phone of a softphone. Our choice.
pub const CALLS_PER_PHONE_MAX: usize = 8;
/// How many IDs of ended calls, and of calls without a screen pop so far, are remembered. Our choice.
pub const CALLS_REMEMBERED_MAX: usize = 1_024;
