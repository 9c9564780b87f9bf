//! Bounds and spans. Ours where no source is named.

use std::time::Duration;

use session::{ConnectionReuse, Timeouts};

/// How long Asterisk may take for one request; it does each at once or not at all.
pub const TIMEOUTS: Timeouts =
    Timeouts { connect: Duration::from_secs(3), answer: Duration::from_secs(5), reuse: ConnectionReuse::Use };
/// How long the event socket may take to be made.
pub const CONNECT_WITHIN: Duration = Duration::from_secs(5);
/// How long to wait before trying again; the last wait repeats.
pub const AGAIN_AFTER: [Duration; 6] = [
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
    Duration::from_secs(8),
    Duration::from_secs(10),
];
/// How long to wait when another program took our application over: two hubs must not take it from each other in turns.
pub const AGAIN_AFTER_REPLACED: Duration = Duration::from_secs(60);
/// How often Asterisk is asked whether it is there.
pub const PING_EVERY: Duration = Duration::from_secs(10);
/// How long a phone that was called may take to ring: less than the ten seconds after which the hub gives a request up.
pub const RINGS_WITHIN: Duration = Duration::from_secs(8);
/// How soon the whole picture may be taken again because something failed.
pub const PICTURE_AGAIN: Duration = Duration::from_secs(1);

/// How many calls there may be at once.
pub const CALLS_MAX: usize = 5_000;
/// How many calls one phone may have.
pub const CALLS_PER_PHONE_MAX: usize = 8;
/// How many parties one call may have.
pub const PARTIES_MAX: usize = 8;
/// How many things that are to be done may wait for Asterisk.
pub const BACKLOG_MAX: usize = 20_000;
/// How many events may wait while the whole picture is taken.
pub const EVENTS_MAX: usize = 5_000;
/// How many questions of one picture are open at once.
pub const QUESTIONS_MAX: usize = 8;
/// The longest data that a note about a call keeps. Bytes. Asterisk takes bodies of up to 40 KiB.
pub const NOTE_DATA_BYTES_MAX: usize = 8 << 10;
