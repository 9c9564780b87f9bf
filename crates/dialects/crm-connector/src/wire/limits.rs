//! Numbers that no source gives, or that bound what a page may ask for. All are Cordboard's own choices unless a line says otherwise.

use std::time::Duration;

/// How often `ready` is said while nobody answers (crm-connector.md §3; the vendor says "continuously").
pub const PING_EVERY: Duration = Duration::from_secs(1);
/// For how long it is said that often.
pub const PING_FAST_FOR: Duration = Duration::from_secs(60);
/// How often it is said from then on.
pub const PING_SLOW_EVERY: Duration = Duration::from_secs(5);
/// How long the page around may take for its configuration before it is asked again (crm-connector.md §3).
pub const CRM_DATA_WITHIN: Duration = Duration::from_secs(5);
/// How often it is asked. After that the connector works with defaults.
pub const CRM_DATA_ASKS: u32 = 4;
/// How long the CRM's directory may take (crm-connector.md §4.3).
pub const DIRECTORY_WITHIN: Duration = Duration::from_secs(10);
/// How long the definitions of custom fields may take (crm-connector.md §4.10).
pub const FIELDS_WITHIN: Duration = Duration::from_secs(10);
/// How long after an interaction was logged a history item for it is taken (crm-connector.md §4.8).
pub const HISTORY_WITHIN: Duration = Duration::from_secs(30);

/// How long a switch may take to begin the call of a click; meanwhile other clicks are passed over.
pub const DIALING_WITHIN: Duration = Duration::from_secs(30);

/// How long a connector that says how its calls go on may say nothing of a click; then it has made no call of it.
pub const CLICK_WITHIN: Duration = Duration::from_secs(30);
/// How long a restarted connector that reports the progress of its calls may take to name the calls that are still live.
pub const NAMED_WITHIN: Duration = Duration::from_secs(10);
/// How many logs may be on their way into the journal at once, and how many are remembered so that one that comes again is kept once.
pub const LOGS_MAX: usize = 1_024;

/// How long an agent whose page is gone may take to come back, where leaving signs out (`autoSignOutEnabled`).
pub const LEAVE_AFTER: Duration = Duration::from_secs(15);

/// The longest text that is kept of what a page said. Characters.
pub const TEXT_MAX: usize = 1_000;
/// The most of a click that is kept to be said back. Bytes as JSON.
pub const ECHOED_BYTES_MAX: usize = 4 << 10;
/// The most people of a directory that are kept.
pub const DIRECTORY_MAX: usize = 5_000;
/// The most of an agent's notes that is kept. Characters; more than a whole message has.
pub const COMMENTS_MAX: usize = 256 << 10;
/// The most custom fields of an interaction.
pub const FIELDS_MAX: usize = 64;
/// The most values of a pick list.
pub const PICKS_MAX: usize = 500;
/// The most history items of a page, whatever its configuration says.
pub const HISTORY_MAX: usize = 50;
/// The most pieces of a notification's text.
pub const PIECES_MAX: usize = 20;
/// The most pages that host a connector at once.
pub const PAGES_MAX: usize = 16_384;
