//! How callers, phones and numbers behave.

/// Causes of Q.850 (`include/asterisk/causes.h`).
pub mod cause {
    /// There is no such number.
    pub const UNALLOCATED: u32 = 1;
    /// Somebody hung up.
    pub const NORMAL: u32 = 16;
    /// The party called is busy.
    pub const BUSY: u32 = 17;
    /// The party called does not answer.
    pub const NO_ANSWER: u32 = 19;
    /// The party called declines.
    pub const REJECTED: u32 = 21;
}

/// What an endpoint does when it is called. By default it waits for a hand in everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Behavior {
    /// How soon it rings. Milliseconds.
    pub rings_after_ms: Option<u64>,
    /// What it does then.
    pub reply: Reply,
    /// How long after its first talk began it hangs up. Milliseconds.
    pub talk_ms: Option<u64>,
}

/// What an endpoint does that rings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reply {
    /// It waits for a hand.
    #[default]
    ByHand,
    /// It answers.
    Answers {
        /// How long it rings. Milliseconds.
        after_ms: u64,
    },
    /// It does not ring: it is gone, with a cause of Q.850.
    Refuses(u32),
}

/// Somebody who calls.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Caller {
    /// The number that is shown; empty: withheld.
    pub number: String,
    /// What is dialed.
    pub exten: String,
    /// What the dialplan says of the call: the arguments of `Stasis`.
    pub args: Vec<String>,
    /// How long the caller waits. Milliseconds.
    pub patience_ms: Option<u64>,
    /// How long after its first talk began the caller hangs up. Milliseconds.
    pub talk_ms: Option<u64>,
}
