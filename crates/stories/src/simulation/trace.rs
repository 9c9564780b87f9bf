//! The trace of a run: a hash of all its lines, and the last lines.

use std::collections::VecDeque;

use model::Timestamp;

/// The default number of lines that a trace keeps.
pub const TAIL: usize = 120;

/// FNV-1a, 64 bits (draft-eastlake-fnv): the offset basis and the prime.
const FNV: (u64, u64) = (0xcbf2_9ce4_8422_2325, 0x0100_0000_01b3);

/// The lines of a run. If a thread panics while it has one, its last lines are printed.
#[derive(Debug)]
pub struct Trace {
    seed: u64,
    hash: u64,
    tail: VecDeque<String>,
    tail_max: usize,
}

impl Trace {
    /// An empty trace that keeps the last `tail_max` lines.
    pub fn new(seed: u64, tail_max: usize) -> Self {
        Self { seed, hash: FNV.0, tail: VecDeque::new(), tail_max }
    }

    /// Adds a line.
    pub fn note(&mut self, at: Timestamp, line: impl Into<String>) {
        let line = format!("{:>9.3} {}", at.0 as f64 / 1_000.0, line.into());
        self.mix(line.as_bytes());
        if self.tail.len() >= self.tail_max {
            self.tail.pop_front();
        }
        self.tail.push_back(line);
    }

    /// Adds bytes to the hash without a line.
    pub fn mix(&mut self, bytes: &[u8]) {
        self.hash = bytes.iter().fold(self.hash, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(FNV.1));
    }

    /// The hash of everything so far.
    pub fn hash(&self) -> u64 {
        self.hash
    }

    /// The last lines.
    pub fn tail(&self) -> Vec<String> {
        self.tail.iter().cloned().collect()
    }
}

impl Drop for Trace {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let tail = self.tail();
            let text = "it panicked".to_owned();
            #[allow(clippy::print_stderr, reason = "during a panic there is no caller to return it to")]
            {
                eprintln!("{}", super::Failure { seed: self.seed, text, tail });
            }
        }
    }
}
