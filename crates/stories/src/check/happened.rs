//! Expectations about the events and posts since a step began.

use serde_json::{Value, json};

use super::{StepStart, covers};
use crate::{
    depth::Observation,
    ebs::Post,
    story::{EventsSeen, Posted},
};

pub(super) fn events(wanted: &EventsSeen, observed: &Observation, mark: &StepStart) -> Result<(), String> {
    let since = observed.records.get(mark.records..).unwrap_or_default();
    let concerns = |record: &&std::sync::Arc<model::Record>| {
        wanted.of.is_none() || record.event.agent() == wanted.of.as_ref()
    };
    let events: Vec<Value> = since
        .iter()
        .filter(concerns)
        .map(|record| serde_json::to_value(&record.event).unwrap_or_default())
        .collect();
    in_order(&wanted.in_order, &events)?;
    match wanted.never.iter().find(|never| events.iter().any(|event| is(never, event))) {
        None => Ok(()),
        Some(never) => Err(format!("{never} happened, expected that it does not: {}", words(&events))),
    }
}

fn in_order(wanted: &[Value], events: &[Value]) -> Result<(), String> {
    let mut rest = events.iter();
    for wanted in wanted {
        if !rest.any(|event| is(wanted, event)) {
            return Err(format!("{wanted} did not happen, or not in this order: {}", words(events)));
        }
    }
    Ok(())
}

fn is(wanted: &Value, event: &Value) -> bool {
    match wanted.as_str() {
        Some(word) => event["type"] == word,
        None => covers(wanted, event).is_ok(),
    }
}

fn words(events: &[Value]) -> String {
    let words: Vec<&str> = events.iter().filter_map(|event| event["type"].as_str()).collect();
    words.join(", ")
}

pub(super) fn posts(wanted: &Posted, observed: &Observation, mark: &StepStart) -> Result<(), String> {
    let all =
        observed.posts.get(&wanted.to).ok_or_else(|| format!("agent {} has no EBS client", wanted.to))?;
    let since = all.get(mark.posts.get(&wanted.to).copied().unwrap_or_default()..).unwrap_or_default();
    let names: Vec<&str> = since.iter().map(|post| post.name.as_str()).collect();
    if since.len() != wanted.are.len() {
        return Err(format!("posts are {names:?}, expected {:?}", wanted.are));
    }
    since.iter().zip(&wanted.are).try_for_each(|(post, wanted)| posted(post, wanted, &names))
}

fn posted(post: &Post, wanted: &Value, names: &[&str]) -> Result<(), String> {
    let data: Value =
        post.data.iter().map(|(name, value)| (name.clone(), Value::from(value.as_str()))).collect();
    let is = json!({ post.name.clone(): data });
    match wanted.as_str() {
        Some(name) if name == post.name => Ok(()),
        Some(name) => Err(format!("posts are {names:?}, expected {name} in its place")),
        None => covers(wanted, &is).map_err(|error| format!("post: {error}")),
    }
}
