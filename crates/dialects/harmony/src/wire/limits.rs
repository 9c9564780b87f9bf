//! Limits and times, each with its meaning, unit and source.

use std::time::Duration;

/// The longest message. Bytes. Ours: no page gives one (harmony.md §2.1).
pub const MESSAGE_BYTES_MAX: usize = 1_048_576;
/// The longest `target`, `name` or `requestId`. Bytes. Ours.
pub const HEADER_BYTES_MAX: usize = 512;
/// The longest text in a body, apart from the data of an interaction. Bytes. Ours.
pub const TEXT_BYTES_MAX: usize = 1_024;
/// How deep the data of an interaction may be nested. Levels. Ours; the pages show two.
pub const DATA_DEPTH_MAX: usize = 8;
/// The most entries of one list in a body. Ours.
pub const ENTRIES_MAX: usize = 256;

/// How long a response may take. Ours (harmony.md §2.3).
pub const RESPONSE: Duration = Duration::from_secs(30);
/// How long a client may be silent before it is asked for its status. Ours (harmony.md §5).
pub const SILENCE: Duration = Duration::from_secs(30);
/// How long somebody who connects may take to answer the first two requests. Ours.
pub const GREETING: Duration = Duration::from_secs(10);
/// How long a client may be silent while another one, which has answered, waits for its place. Ours.
pub const CHALLENGE: Duration = Duration::from_secs(5);
/// The most connections that have not become the client's. Ours.
pub const GUESTS_MAX: usize = 8;
/// How long our client waits for what a request of the bridge's is to bring. Ours: below [`RESPONSE`].
pub const EFFECT: Duration = Duration::from_secs(10);
/// How long a connection to a Harmony server may take. Ours.
pub const CONNECT: Duration = Duration::from_secs(5);
/// How long to wait before the next connection, by how many came to nothing in a row. Ours (harmony.md §5).
pub const BACK_OFF: [Duration; 5] = [
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(5),
    Duration::from_secs(10),
    Duration::from_secs(30),
];

/// The most events that one object may have waiting for its children. Ours.
pub const EVENTS_HELD_MAX: usize = 256;
/// The most children of one object. Ours.
pub const CHILDREN_MAX: usize = 64;
/// The most sessions of one client. Ours.
pub const SESSIONS_MAX: usize = 4_096;
/// The most requests of which a response or an effect is awaited. Ours.
pub const OPEN_MAX: usize = 8_192;
/// How many responses our client keeps, to be given again. Ours (harmony.md §2.3).
pub const RESPONSES_REMEMBERED_MAX: usize = 1_024;
/// The most objects of one agent's session. Ours.
pub const OBJECTS_PER_SESSION_MAX: usize = 256;
/// The most parties of one conversation. Ours.
pub const MEMBERS_MAX: usize = 64;
/// How long the whole picture of all calls is not told again. Ours: a change that has no event of its own waits that long.
pub const PICTURE_PAUSE: Duration = Duration::from_secs(1);
