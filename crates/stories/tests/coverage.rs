//! Every verb occurs in a story.

#![allow(clippy::unwrap_used, reason = "tests may fail")]

use std::{collections::BTreeSet, path::Path};

use cordboard_stories::story::{Act, files, load};
use model::VerbName;

#[test]
fn every_verb_has_a_story() {
    let stories = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../stories");
    let steps = files(&stories).unwrap().into_iter().flat_map(|file| load(&file).unwrap().steps);
    let verbs = steps.flat_map(|step| step.when).filter_map(|act| match act {
        Act::Do(what) if what.refused.is_none() => Some(what.verb.name()),
        Act::Do(_)
        | Act::Call(_)
        | Act::HangsUp(_)
        | Act::Phone { .. }
        | Act::Pass(_)
        | Act::Fault(_)
        | Act::Vanish(_)
        | Act::Ebs(_)
        | Act::Listener { .. }
        | Act::Desk { .. }
        | Act::Network(_)
        | Act::Restart {}
        | Act::Floor(_) => None,
    });
    let used: BTreeSet<VerbName> = verbs.collect();
    let missing: Vec<VerbName> = VerbName::ALL.into_iter().filter(|verb| !used.contains(verb)).collect();
    assert!(missing.is_empty(), "verbs without a story: {missing:?}");
}
