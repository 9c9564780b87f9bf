//! The properties of a medium.

use std::time::Duration;

use compact_str::CompactString;

/// How phones are answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answering {
    /// By hand at the phone only.
    AtPhone,
    /// At the desk: the desk rings; when it answers, the phone is called hands-free.
    FromDesk,
    /// By the medium: an effect can answer a ringing phone.
    Remote,
}

/// The properties of a medium, and the limits of the engine.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The prefix of the IDs that the engine creates. Unique for each process and medium.
    pub prefix: CompactString,
    /// How phones are answered.
    pub answering: Answering,
    /// Whether the medium stores notes with legs, for [`crate::Engine::adopt`].
    pub notes: bool,
    /// How long a called phone can take to ring. `None`: unlimited.
    pub rings_within: Option<Duration>,
    /// How long a desk rings.
    pub desk_rings: Duration,
    /// How soon the medium's legs can be queried again after something failed.
    pub look_every: Duration,
    /// The most calls at a time.
    pub calls_max: usize,
    /// The most calls of one phone at a time.
    pub calls_per_device_max: usize,
    /// The most parties of one call.
    pub parties_max: usize,
    /// The most data of one call, names and values together, in bytes.
    pub data_bytes_max: usize,
    /// The most data of one note, in bytes.
    pub note_data_bytes_max: usize,
    /// The most answers that are remembered for repeated requests.
    pub answers_max: usize,
}
