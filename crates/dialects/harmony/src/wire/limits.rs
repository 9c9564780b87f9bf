//! Limits and time spans, with meaning, unit and source.

use std::time::Duration;

/// The longest message. Bytes. Our choice: no page gives one (harmony.md §2.1).
pub const MESSAGE_BYTES_MAX: usize = 1_048_576;
/// The longest `target`, `name` or `requestId`. Bytes. Our choice.
pub const HEADER_BYTES_MAX: usize = 512;
/// The longest text in a body, except the data of an interaction. Bytes. Our choice.
pub const TEXT_BYTES_MAX: usize = 1_024;
/// The deepest nesting of an interaction's data. Levels. Our choice; the pages show two.
pub const DATA_DEPTH_MAX: usize = 8;
/// The most names of omitted data in one message for people. Our choice.
pub const OMITTED_NAMED_MAX: usize = 8;
/// The longest name in such a message; a longer one is cut. Characters. Our choice.
pub const OMITTED_NAME_CHARS_MAX: usize = 64;
/// The most entries of one list in a body. Our choice.
pub const ENTRIES_MAX: usize = 256;

/// How long a response may take. Our choice (harmony.md §2.3).
pub const RESPONSE: Duration = Duration::from_secs(30);
/// How long a client may be silent before it is queried for its status. Our choice (harmony.md §5).
pub const SILENCE: Duration = Duration::from_secs(30);
/// How long a new connection may take to answer the first two requests. Our choice.
pub const GREETING: Duration = Duration::from_secs(10);
/// How long a client may be silent while another connection waits for its place. Our choice.
pub const CHALLENGE: Duration = Duration::from_secs(5);
/// The most connections that are not the client. Our choice.
pub const CANDIDATES_MAX: usize = 8;
/// How long the client waits for the effect of a request. Our choice: less than [`RESPONSE`].
pub const EFFECT: Duration = Duration::from_secs(10);
/// How long the client waits for a person who is invited by `blindconference`. Our choice: with [`EFFECT`], which follows, not more than
/// [`RESPONSE`].
pub const INVITE: Duration = Duration::from_secs(20);
/// How long connecting to a Harmony server may take. Our choice.
pub const CONNECT: Duration = Duration::from_secs(5);
/// The pause before each attempt to connect, by the number of failures in a row. Our choice (harmony.md §5).
pub const BACK_OFF: [Duration; 5] = [
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(5),
    Duration::from_secs(10),
    Duration::from_secs(30),
];

/// How long a call that was transferred may take to ring at the next phone, to keep its linkage. Our choice (harmony.md §12.1).
pub const HANDOVER: Duration = Duration::from_secs(600);
/// The most transfers that wait for this. Our choice.
pub const HANDOVERS_MAX: usize = 1_024;
/// The most waiting events of one object. Our choice.
pub const EVENTS_HELD_MAX: usize = 256;
/// The most children of one object. Our choice.
pub const CHILDREN_MAX: usize = 64;
/// The most sessions of one client. Our choice.
pub const SESSIONS_MAX: usize = 4_096;
/// The most requests that wait for a response or an effect. Our choice.
pub const OPEN_MAX: usize = 8_192;
/// How many responses the client keeps to send again. Our choice (harmony.md §2.3).
pub const RESPONSES_REMEMBERED_MAX: usize = 1_024;
/// The most objects of one agent's session. Our choice.
pub const OBJECTS_PER_SESSION_MAX: usize = 256;
/// The most parties of one conversation. Our choice.
pub const MEMBERS_MAX: usize = 64;
/// The shortest time between two reports of all calls. Our choice: a change that has no event waits that long.
pub const RESYNC_PAUSE: Duration = Duration::from_secs(1);
