//! Limits and time spans. All are our choice unless a line says otherwise.

use std::time::Duration;

/// How often `ready` is sent while nobody answers (crm-connector.md §3; the vendor says "continuously").
pub const PING_EVERY: Duration = Duration::from_secs(1);
/// For how long it is sent that often.
pub const PING_FAST_FOR: Duration = Duration::from_secs(60);
/// How often it is sent after that.
pub const PING_SLOW_EVERY: Duration = Duration::from_secs(5);
/// How long the CRM page may take to send its configuration before it is requested again (crm-connector.md §3).
pub const CRM_DATA_WITHIN: Duration = Duration::from_secs(5);
/// How many times it is requested. After that the connector uses defaults.
pub const CRM_DATA_REQUESTS: u32 = 4;
/// How long the CRM's directory may take (crm-connector.md §4.3).
pub const DIRECTORY_WITHIN: Duration = Duration::from_secs(10);
/// How long the definitions of custom fields may take (crm-connector.md §4.10).
pub const FIELDS_WITHIN: Duration = Duration::from_secs(10);
/// For how long after a log its history item is accepted (crm-connector.md §4.8).
pub const HISTORY_WITHIN: Duration = Duration::from_secs(30);

/// How long the hub or the switch may take to answer without `serverResponseTimeout`. Until then a clicked call counts as being dialed, and
/// other clicks are ignored. Seconds.
pub const RESPONSE_WITHIN_S: u64 = 30;
/// The longest `serverResponseTimeout`. Seconds.
pub const RESPONSE_S_MAX: u64 = 600;
/// The longest `debounceTime`. Milliseconds.
pub const DEBOUNCE_MS_MAX: u64 = 60_000;

/// How long a connector that reports events may take to report a click. After that the call counts as not made.
pub const CLICK_WITHIN: Duration = Duration::from_secs(30);
/// How long a restarted connector that reports the progress of its calls may take to name the calls that are still live.
pub const NAMED_WITHIN: Duration = Duration::from_secs(10);
/// How long the page of a connector may take to come back after a reload. Its calls go on until then.
pub const RETURN_WITHIN: Duration = Duration::from_secs(30);
/// How long a click waits for the name of the called person. The hub's directory answers within 250 ms.
pub const CONTACT_WITHIN: Duration = Duration::from_millis(400);
/// How many custom parameters of a screen pop are configured (crm-connector.md §5.6).
pub const CUSTOM_PARAMS_MAX: usize = 10;
/// How many logs may be in progress, and how many are remembered to recognize repeated ones.
pub const LOGS_MAX: usize = 1_024;

/// How long an agent may take to open a page again before being signed out (`autoSignOutEnabled`).
pub const LEAVE_AFTER: Duration = Duration::from_secs(15);

/// The longest text that is kept from a page. Characters.
pub const TEXT_MAX: usize = 1_000;
/// The largest value of a click that is kept to be sent back. Bytes of JSON.
pub const ECHOED_BYTES_MAX: usize = 4 << 10;
/// The most people of a directory that are kept.
pub const DIRECTORY_MAX: usize = 5_000;
/// The longest notes of an agent that are kept. Characters; more than a message can contain.
pub const COMMENTS_MAX: usize = 256 << 10;
/// The most custom fields of an interaction.
pub const FIELDS_MAX: usize = 64;
/// The most values of a pick list.
pub const PICKS_MAX: usize = 500;
/// The most history items of a page, whatever its configuration says.
pub const HISTORY_MAX: usize = 50;
/// The most pieces of a notification's text.
pub const PIECES_MAX: usize = 20;
/// The most pages that host a connector.
pub const PAGES_MAX: usize = 16_384;
