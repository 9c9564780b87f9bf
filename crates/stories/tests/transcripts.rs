//! Checks that the events are complete: applied to the first snapshot, they give the last one.

#![allow(clippy::unwrap_used, reason = "tests may fail")]

use std::sync::Arc;

use cordboard_stories::{
    simulation::{TAIL, run},
    transcript::{Transcript, transcripts},
};
use model::Seq;
use session::Projection;

/// How many seeds run. The runs have crashes, lost links and switches that repeat events.
const SEEDS: u64 = 8;

fn check(seed: u64, transcript: &Transcript) {
    let Transcript { viewer, floor, first, events, last } = transcript;
    let mut projection = Projection::from_snapshot(first, Arc::clone(floor));
    let mut before: Seq = first.seq;
    for event in events {
        assert_eq!(event.prev, before, "seed {seed}: an event for {} is missing", viewer.account);
        before = event.record.seq;
        projection.apply(&event.record);
    }
    for agent in &last.agents {
        let event = projection.status(&agent.id).cloned().unwrap_or_default();
        assert_eq!(
            (&event.state, &event.next),
            (&agent.state, &agent.next),
            "seed {seed}: agent {}",
            agent.id
        );
        let interactions: Vec<_> = projection.interactions_of(&agent.id).collect();
        let own = last.interactions.iter().map(|view| &view.interaction);
        let own: Vec<_> = own.filter(|interaction| interaction.agent == agent.id).collect();
        assert_eq!(
            interactions, own,
            "seed {seed}: the interaction of {} as {} receives it",
            agent.id, viewer.account
        );
    }
}

#[test]
fn events_bring_the_first_snapshot_to_the_last() {
    for seed in 0..SEEDS {
        let event = transcripts(&run(seed, TAIL).unwrap().journal);
        assert!(event.len() > 2 && event.iter().all(|transcript| transcript.first.seq < transcript.last.seq));
        event.iter().for_each(|transcript| check(seed, transcript));
    }
}
