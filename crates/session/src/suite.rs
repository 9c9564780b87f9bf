//! Tests that every session must pass: the numbered contract of this crate, checked with random steps.
//!
//! A dialect's test builds steps from its own messages with [`steps`] and passes them, with a constructor of sessions,
//! to [`check`]:
//!
//! ```
//! use proptest::{prelude::*, test_runner::TestRunner};
//! use cordboard_session::{Http, Input, Output, Reason, Session, suite};
//!
//! /// A session that does nothing.
//! struct Idle;
//! impl Session for Idle {
//!     type Transport = Http;
//!     fn handle(&mut self, _: model::Timestamp, _: Input<Http>) {}
//!     fn poll(&mut self) -> Option<Output<Http>> { None }
//!     fn deadline(&self) -> Option<(model::Timestamp, Reason)> { None }
//! }
//!
//! let steps = proptest::collection::vec(suite::hub().prop_map(suite::Step::Hub), 0..20);
//! TestRunner::default().run(&steps, |steps| {
//!     suite::check(|| Idle, |_| 0, 0, &steps);
//!     Ok(())
//! }).unwrap();
//! ```

mod bench;
mod pages;
mod script;

use crate::Session;

pub use bench::{Step, TestBench};
pub use script::{Streams, floor, hub, hub_snapshot, page_steps, request, response, steps, stream_steps};

/// Applies the same steps to two sessions and checks the contract after each step.
///
/// `held` returns how many things a session keeps for later, such as queued messages and open requests. It must never
/// exceed `held_max`. Panics when the contract is broken.
pub fn check<S: Session>(make: impl Fn() -> S, held: impl Fn(&S) -> usize, held_max: usize, steps: &[Step]) {
    let mut first = TestBench::start(make());
    let mut second = TestBench::start(make());
    for step in steps {
        first.step(step);
        second.step(step);
        assert_eq!(first.transcript(), second.transcript(), "the same inputs gave other outputs at {step:?}");
        let count = held(first.session());
        assert!(count <= held_max, "the session keeps {count} things; the maximum is {held_max}");
        first.forget();
        second.forget();
    }
    first.settle();
}
