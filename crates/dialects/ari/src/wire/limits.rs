//! Limits and time spans. Our choice unless a source is named.

use std::time::Duration;

use session::{ConnectionReuse, Timeouts};

/// How long Asterisk may take for a request.
pub const TIMEOUTS: Timeouts =
    Timeouts { connect: Duration::from_secs(3), answer: Duration::from_secs(5), reuse: ConnectionReuse::Use };
/// How long connecting the event socket may take.
pub const CONNECT_WITHIN: Duration = Duration::from_secs(5);
/// The pauses before attempts to connect; the last one repeats.
pub const AGAIN_AFTER: [Duration; 6] = [
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
    Duration::from_secs(8),
    Duration::from_secs(10),
];
/// The pause after another program has taken over the application, so that two hubs do not take it from each other in turns.
pub const AGAIN_AFTER_REPLACED: Duration = Duration::from_secs(60);
/// How often Asterisk is pinged.
pub const PING_EVERY: Duration = Duration::from_secs(10);
/// How often Asterisk's phones are read again. A phone that was added can be used after this time. Our choice.
pub const PHONES_EVERY: Duration = Duration::from_secs(60);
/// How long a called phone may take to start ringing. Less than the ten seconds after which the hub gives up a request.
pub const RINGS_WITHIN: Duration = Duration::from_secs(8);
/// The shortest time between two synchronizations after a failure.
pub const PICTURE_AGAIN: Duration = Duration::from_secs(1);

/// The most simultaneous calls.
pub const CALLS_MAX: usize = 5_000;
/// The most calls of one phone.
pub const CALLS_PER_PHONE_MAX: usize = 8;
/// The most parties of one call.
pub const PARTIES_MAX: usize = 8;
/// The most effects that may wait for Asterisk.
pub const BACKLOG_MAX: usize = 20_000;
/// The most events that may wait during synchronization.
pub const EVENTS_MAX: usize = 5_000;
/// The most open queries during synchronization.
pub const STATE_QUERIES_MAX: usize = 8;
/// The longest data in a note about a call. Bytes. Asterisk accepts bodies of up to 40 KiB.
pub const NOTE_DATA_BYTES_MAX: usize = 8 << 10;
