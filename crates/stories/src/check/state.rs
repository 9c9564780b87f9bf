//! Expectations about the current state.

use model::{AgentId, VerbName};
use serde_json::Value;

use super::{covers, expect, interactions};
use crate::{
    depth::Observation,
    story::{AgentIs, HistoryHas, InteractionIs, LegIs, QueueHas, Work},
};

pub(super) fn agent(wanted: &AgentIs, observed: &Observation) -> Result<(), String> {
    let found = observed.snapshot.agents.iter().find(|agent| agent.id == wanted.id);
    let view = found.ok_or_else(|| format!("there is no agent {}", wanted.id))?;
    let is = serde_json::to_value(view).map_err(|error| error.to_string())?;
    let named = |field: &str| text(&is[field], "none").to_owned();
    if let Some(state) = &wanted.is {
        expect(&format!("agent {}", wanted.id), named("state"), state.clone())?;
    }
    if let Some(reason) = &wanted.reason {
        expect(&format!("the reason of agent {}", wanted.id), named("reason"), reason.clone())?;
    }
    if let Some(next) = &wanted.next {
        let is = text(&is["next"]["state"], "none").to_owned();
        expect(&format!("the next state of agent {}", wanted.id), is, next.clone())?;
    }
    verbs(&view.can, &wanted.can, &wanted.cannot)
}

pub(super) fn interaction(wanted: &InteractionIs, observed: &Observation) -> Result<(), String> {
    let all = interactions(observed, &wanted.of);
    let index = wanted.nth.unwrap_or(all.len()).wrapping_sub(1);
    let (id, is) = all.get(index).ok_or_else(|| {
        format!("agent {} has had {} interactions; the given one does not exist", wanted.of, all.len())
    })?;
    if let Some(state) = wanted.is {
        let state = serde_json::to_value(state).map_err(|error| error.to_string())?;
        expect(&format!("interaction {id}"), &is["state"], &state)?;
    }
    leg("primary", wanted.primary, is)?;
    leg("consult", wanted.consult, is)?;
    if !wanted.has.is_null() {
        covers(&wanted.has, is).map_err(|error| format!("interaction {id}: {error}"))?;
    }
    let can: Vec<VerbName> = serde_json::from_value(is["can"].clone()).unwrap_or_default();
    verbs(&can, &wanted.can, &wanted.cannot)
}

fn leg(name: &str, wanted: Option<LegIs>, interaction: &Value) -> Result<(), String> {
    let is = text(&interaction[name]["state"], "none");
    let wanted = match wanted {
        None => return Ok(()),
        Some(LegIs::None) => Value::from("none"),
        Some(LegIs::State(state)) => serde_json::to_value(state).map_err(|error| error.to_string())?,
    };
    expect(&format!("the {name} leg"), is, text(&wanted, "none"))
}

fn verbs(can: &[VerbName], wanted: &[VerbName], unwanted: &[VerbName]) -> Result<(), String> {
    if let Some(missing) = wanted.iter().find(|verb| !can.contains(verb)) {
        return Err(format!("{missing:?} is not possible; possible are {can:?}"));
    }
    match unwanted.iter().find(|verb| can.contains(verb)) {
        Some(there) => Err(format!("{there:?} is possible; possible are {can:?}")),
        None => Ok(()),
    }
}

pub(super) fn work(wanted: &Work, observed: &Observation) -> Result<(), String> {
    let live = observed.snapshot.interactions.iter().filter(|view| view.interaction.agent == wanted.of);
    expect(&format!("the count of live interactions of agent {}", wanted.of), live.count(), wanted.count)
}

pub(super) fn linked(agents: &[AgentId], observed: &Observation) -> Result<(), String> {
    let mut linkages = Vec::new();
    for agent in agents {
        let last = interactions(observed, agent).pop();
        let (_, is) = last.ok_or_else(|| format!("agent {agent} has had no interaction"))?;
        linkages.push(is["linkage"].clone());
    }
    match linkages.windows(2).all(|pair| pair[0] == pair[1]) {
        true => Ok(()),
        false => Err(format!("the linkages of {agents:?} are {linkages:?}, expected a single one")),
    }
}

pub(super) fn queue(wanted: &QueueHas, observed: &Observation) -> Result<(), String> {
    let found = observed.snapshot.queues.iter().find(|queue| queue.id == wanted.id);
    let view = found.ok_or_else(|| format!("there is no queue {}", wanted.id))?;
    let what = format!("the count of waiting calls in queue {}", wanted.id);
    expect(&what, view.waiting.len(), wanted.waiting)?;
    let first = view.waiting.first();
    if let Some(offered) = &wanted.offered {
        let is = first.and_then(|call| call.offered.as_ref()).map_or("none", AgentId::as_str);
        expect("whom the first call is offered to", is, offered)?;
    }
    if let Some(number) = &wanted.first {
        let is = first.and_then(|call| call.caller.at.number()).unwrap_or("withheld");
        expect("the first caller", is, number)?;
    }
    Ok(())
}

pub(super) fn switch(up: bool, observed: &Observation) -> Result<(), String> {
    let is = observed.snapshot.switches.iter().any(|switch| switch.up);
    expect("whether the switch can be reached", is, up)
}

pub(super) fn history(wanted: &HistoryHas, observed: &Observation) -> Result<(), String> {
    let of = observed.history.iter().filter(|summary| summary.interaction.agent == wanted.of);
    let summaries: Vec<_> = of.collect();
    expect(&format!("the count in agent {}'s history", wanted.of), summaries.len(), wanted.count)?;
    if wanted.last.is_null() {
        return Ok(());
    }
    let newest = summaries.into_iter().max_by_key(|summary| summary.interaction.number);
    let last = serde_json::to_value(newest).map_err(|error| error.to_string())?;
    covers(&wanted.last, &last).map_err(|error| format!("the last in history: {error}"))
}

fn text<'a>(value: &'a Value, absent: &'a str) -> &'a str {
    value.as_str().unwrap_or(absent)
}
