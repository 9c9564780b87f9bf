//! Bounds the log: each place in the code writes a limited number of lines in a minute. So a peer that connects and disconnects thousands of
//! times fills no disk. Lines of level ERROR, and those below INFO, have no limit.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};

use tracing::{Event, Level, Subscriber, callsite::Identifier};
use tracing_subscriber::{Layer, layer::Context};

/// How many lines one place writes in a period. Our choice: more than a person reads.
const LINES_MAX: u64 = 60;

/// The period.
const PERIOD: Duration = Duration::from_secs(60);

/// Drops lines of places that write too many.
pub(super) struct Bounded(Arc<Mutex<Places>>);

/// The places that have written lines. They are places in the code, so there are few.
#[derive(Debug, Default)]
struct Places(HashMap<Identifier, Place>);

#[derive(Debug)]
struct Place {
    target: &'static str,
    line: u32,
    began: Instant,
    written: u64,
    left_out: u64,
}

impl Bounded {
    /// Starts a thread that logs once in a period how many lines were left out.
    pub(super) fn start() -> Self {
        let places = Arc::new(Mutex::new(Places::default()));
        let theirs = Arc::clone(&places);
        let reports = move || {
            loop {
                thread::sleep(PERIOD);
                report(&theirs);
            }
        };
        // Without the thread, lines are left out and not counted.
        drop(thread::Builder::new().name("log".to_owned()).spawn(reports));
        Self(places)
    }
}

fn report(places: &Mutex<Places>) {
    let left_out = places.lock().unwrap_or_else(PoisonError::into_inner).take_left_out();
    for (place, line, left_out) in left_out {
        tracing::warn!(place, line, left_out, "log lines left out: this place writes too many");
    }
}

impl Places {
    /// Counts a line. Returns whether it is written.
    fn count(&mut self, event: &Event<'_>, now: Instant) -> bool {
        let written = event.metadata();
        let (target, line) = (written.target(), written.line().unwrap_or_default());
        let fresh = || Place { target, line, began: now, written: 0, left_out: 0 };
        self.0.entry(written.callsite()).or_insert_with(fresh).count(now)
    }

    /// The places that wrote too many lines, each with the number that was left out.
    fn take_left_out(&mut self) -> Vec<(&'static str, u32, u64)> {
        let places = self.0.values_mut().filter(|place| place.left_out > 0);
        places.map(|place| (place.target, place.line, std::mem::take(&mut place.left_out))).collect()
    }
}

impl Place {
    fn count(&mut self, now: Instant) -> bool {
        if now.saturating_duration_since(self.began) >= PERIOD {
            (self.began, self.written) = (now, 0);
        }
        let is_written = self.written < LINES_MAX;
        if is_written {
            self.written += 1;
        } else {
            self.left_out += 1;
        }
        is_written
    }
}

impl<S: Subscriber> Layer<S> for Bounded {
    fn event_enabled(&self, event: &Event<'_>, _: Context<'_, S>) -> bool {
        let level = *event.metadata().level();
        if level != Level::INFO && level != Level::WARN {
            return true;
        }
        self.0.lock().unwrap_or_else(PoisonError::into_inner).count(event, Instant::now())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_writes_a_bounded_number_of_lines_and_the_rest_is_counted() {
        let now = Instant::now();
        let mut place = Place { target: "harmony", line: 1, began: now, written: 0, left_out: 0 };
        assert_eq!((0..3_000).filter(|_| place.count(now)).count() as u64, LINES_MAX);
        assert_eq!(place.left_out, 3_000 - LINES_MAX);
        assert!(place.count(now + PERIOD));
    }
}
