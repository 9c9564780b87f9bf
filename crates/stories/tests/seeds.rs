//! Runs the simulator with many seeds. A run that fails prints the command that repeats it.

#![allow(clippy::unwrap_used, reason = "tests may fail")]

use cordboard_stories::simulation::{Count, Report, Seen, TAIL, run};

/// How many seeds run. To run more: `cargo run -p cordboard-stories --example seed -- --seeds 10000`.
const SEEDS: u64 = 200;

fn play(seed: u64) -> Report {
    run(seed, TAIL).unwrap_or_else(|failure| panic!("{failure}"))
}

/// Runs every fourth seed, starting at `first`, so that four tests run in parallel.
fn play_share(first: u64) {
    for seed in (first..SEEDS).step_by(4) {
        let Count { records, commands, completed, posts, deliveries, .. } = play(seed).count;
        assert!(records > 100 && commands > 50 && completed > 0, "seed {seed}: too little happened");
        assert!(posts > 0 && deliveries > 100, "seed {seed}: too little was delivered");
    }
}

#[test]
fn every_seed_keeps_its_promises_1() {
    play_share(0);
}

#[test]
fn every_seed_keeps_its_promises_2() {
    play_share(1);
}

#[test]
fn every_seed_keeps_its_promises_3() {
    play_share(2);
}

#[test]
fn every_seed_keeps_its_promises_4() {
    play_share(3);
}

#[test]
fn the_same_seed_gives_the_same_trace() {
    assert_eq!(play(7), play(7));
    assert_ne!(play(7).hash, play(8).hash);
}

#[test]
fn the_seeds_meet_what_they_are_for() {
    let counts: Vec<Count> = (0..8).map(|seed| play(seed).count).collect();
    assert!(counts.iter().any(|count| count.crashes > 2), "{counts:?}");
    assert!(counts.iter().all(|count| count.calls > 10), "{counts:?}");
    let seen: Vec<Seen> = counts.iter().map(|count| count.seen).collect();
    assert!(seen.iter().any(|seen| seen.uwq > 5) && seen.iter().any(|seen| seen.harmony > 5), "{seen:?}");
    assert!(seen.iter().any(|seen| seen.max > 5) && seen.iter().any(|seen| seen.connector > 5), "{seen:?}");
    assert!(seen.iter().any(|seen| seen.talisma > 5), "{seen:?}");
    let is_troubled = |count: &Count| count.requests > 300 && count.cuts > 0 && count.restarts > 0;
    assert!(counts.iter().any(is_troubled), "{counts:?}");
}
