//! The behavior of callers, phones and numbers.

/// Q.850 causes (`include/asterisk/causes.h`).
pub mod cause {
    /// The number does not exist.
    pub const UNALLOCATED: u32 = 1;
    /// A party hung up.
    pub const NORMAL: u32 = 16;
    /// The called party is busy.
    pub const BUSY: u32 = 17;
    /// The called party does not answer.
    pub const NO_ANSWER: u32 = 19;
    /// The called party rejects the call.
    pub const REJECTED: u32 = 21;
}

/// What an endpoint does when it is called. By default the test decides everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Behavior {
    /// The time until it rings. Milliseconds; `None` when the test decides.
    pub rings_after_ms: Option<u64>,
    /// What it does after that.
    pub reply: Reply,
    /// How long it talks until it hangs up. Milliseconds; `None` when the test decides.
    pub talk_ms: Option<u64>,
}

/// What a ringing endpoint does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reply {
    /// The test decides.
    #[default]
    ByHand,
    /// It answers.
    Answers {
        /// How long it rings. Milliseconds.
        after_ms: u64,
    },
    /// It does not ring but ends with a Q.850 cause.
    Refuses(u32),
}

/// A caller.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Caller {
    /// The number to show; empty when withheld.
    pub number: String,
    /// The dialed number.
    pub exten: String,
    /// The arguments of `Stasis` that the dialplan sets for the call.
    pub args: Vec<String>,
    /// How long the caller waits. Milliseconds; forever when `None`.
    pub patience_ms: Option<u64>,
    /// How long the caller talks until hanging up. Milliseconds; forever when `None`.
    pub talk_ms: Option<u64>,
}
