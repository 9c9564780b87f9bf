//! What the engine has to know of its medium.

use std::time::Duration;

use compact_str::CompactString;

/// How phones are answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answering {
    /// By hand at the phone only.
    AtPhone,
    /// At the desk: the desk rings; once answered, the phone is called hands-free.
    FromDesk,
    /// By the medium: a phone that rings can be answered by an effect.
    Remote,
}

/// What the engine has to know of its medium.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The beginning of the ids that the engine makes. Unique per process and medium.
    pub prefix: CompactString,
    /// How phones are answered.
    pub answering: Answering,
    /// Whether the medium keeps notes with legs, for [`crate::Engine::adopt`].
    pub notes: bool,
    /// How long a phone that was called may take to ring. `None`: unlimited.
    pub rings_within: Option<Duration>,
    /// How long a desk rings.
    pub desk_rings: Duration,
    /// How soon the medium may be asked again for its state after something failed.
    pub look_every: Duration,
    /// The most calls at once. Count.
    pub calls_max: usize,
    /// The most calls of one phone at once. Count.
    pub calls_per_device_max: usize,
    /// The most parties of one call. Count.
    pub parties_max: usize,
    /// The most data of one call, names and values together. Bytes.
    pub data_bytes_max: usize,
    /// The most data that a note keeps. Bytes.
    pub note_data_bytes_max: usize,
    /// The most answers kept for requests that come twice. Count.
    pub answers_max: usize,
}
