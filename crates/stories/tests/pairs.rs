//! Every pair of phones and desk: what `docs/pairs.md` promises happens.

use cordboard_stories::simulation::Pair;
use libtest_mimic::{Arguments, Failed, Trial};

/// How many lines of the trace a failure shows.
const TAIL: usize = 60;

fn main() {
    let trial = |pair: Pair| {
        Trial::test(pair.name(), move || match pair.play() {
            Ok(_) => Ok(()),
            Err(mut failure) => {
                let first = failure.tail.len().saturating_sub(TAIL);
                failure.tail.drain(..first);
                Err(Failed::from(failure.to_string()))
            }
        })
    };
    libtest_mimic::run(&Arguments::from_args(), Pair::all().into_iter().map(trial).collect()).exit();
}
