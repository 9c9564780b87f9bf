//! The suite that every session passes: the numbered contract of this crate, tried with random steps.
//!
//! A dialect's test makes steps of its own messages with [`steps`] and hands them, with a way to make a session, to [`check`]:
//!
//! ```
//! use proptest::{prelude::*, test_runner::TestRunner};
//! use cordboard_session::{Http, Input, Output, Reason, Session, suite};
//!
//! /// Says nothing to anybody.
//! struct Mute;
//! impl Session for Mute {
//!     type Transport = Http;
//!     fn handle(&mut self, _: model::Timestamp, _: Input<Http>) {}
//!     fn poll(&mut self) -> Option<Output<Http>> { None }
//!     fn deadline(&self) -> Option<(model::Timestamp, Reason)> { None }
//! }
//!
//! let steps = proptest::collection::vec(suite::hub().prop_map(suite::Step::Hub), 0..20);
//! TestRunner::default().run(&steps, |steps| {
//!     suite::check(|| Mute, |_| 0, 0, &steps);
//!     Ok(())
//! }).unwrap();
//! ```

mod bench;
mod pages;
mod words;

use crate::Session;

pub use bench::{Bench, Step};
pub use words::{Streams, floor, hub, page_steps, request, response, steps, stream_steps, told};

/// Does the same steps to two sessions and checks the contract after each.
///
/// `held` says how many things a session holds for later: messages that wait, questions that are open. It must never go past
/// `held_max`. Panics where the contract is broken, as tests do.
pub fn check<S: Session>(make: impl Fn() -> S, held: impl Fn(&S) -> usize, held_max: usize, steps: &[Step]) {
    let mut first = Bench::start(make());
    let mut second = Bench::start(make());
    for step in steps {
        first.step(step);
        second.step(step);
        assert_eq!(first.transcript(), second.transcript(), "the same inputs gave other outputs at {step:?}");
        let count = held(first.session());
        assert!(count <= held_max, "the session holds {count} things, at most {held_max} are allowed");
        first.forget();
        second.forget();
    }
    first.settle();
}
