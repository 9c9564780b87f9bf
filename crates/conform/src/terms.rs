//! The limits of a run.

use std::time::Duration;

/// How long a run waits.
#[derive(Debug, Clone)]
pub struct Terms {
    /// How long to wait for each message of the other end.
    pub timeout: Duration,
    /// How long nothing may arrive where the other end must be silent.
    pub silence: Duration,
}

impl Default for Terms {
    fn default() -> Self {
        Self { timeout: Duration::from_secs(10), silence: Duration::from_secs(1) }
    }
}
