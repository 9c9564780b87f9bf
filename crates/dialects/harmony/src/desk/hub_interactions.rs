//! The hub's interactions for the client's calls. Their data and completion are passed to the client.

use std::collections::BTreeMap;

use compact_str::CompactString;
use model::{CallId, Data, Interaction, InteractionId, InteractionSummary, Snapshot, SwitchId, Verb};
use serde_json::{Map, Value};

use super::{DeskSession, sent_requests::Purpose};
use crate::wire::{BridgeRequest, InteractionRequest, nest, words::InteractionState};

/// The hub's interactions and their first calls.
#[derive(Debug, Default)]
pub(super) struct HubInteractions {
    calls: BTreeMap<InteractionId, CallId>,
    by_call: BTreeMap<CallId, InteractionId>,
}

impl HubInteractions {
    pub(super) fn replace(&mut self, snapshot: &Snapshot, switch: &SwitchId) {
        *self = Self::default();
        snapshot.interactions.iter().for_each(|view| self.open(&view.interaction, switch));
    }

    pub(super) fn open(&mut self, interaction: &Interaction, switch: &SwitchId) {
        let call = interaction.primary.as_ref().map(|conversation| conversation.call.clone());
        if let Some(call) = call.filter(|_| interaction.switch.as_ref() == Some(switch)) {
            self.close(interaction.id);
            self.by_call.insert(call.clone(), interaction.id);
            self.calls.insert(interaction.id, call);
        }
    }

    fn close(&mut self, id: InteractionId) -> Option<CallId> {
        let call = self.calls.remove(&id)?;
        if self.by_call.get(&call) == Some(&id) {
            self.by_call.remove(&call);
        }
        Some(call)
    }

    pub(super) fn of_call(&self, call: &CallId) -> Option<InteractionId> {
        self.by_call.get(call).copied()
    }

    pub(super) fn len(&self) -> usize {
        self.calls.len()
    }
}

impl DeskSession {
    /// Passes a change of data to the client, unless the change came from it.
    pub(super) fn pass_data(&mut self, id: InteractionId, set: &Data, unset: &[CompactString]) {
        let target =
            self.hub_interactions.calls.get(&id).and_then(|call| self.tree.began_with(call)).cloned();
        let Some(target) = target else { return };
        let Some(known) = self.tree.interaction_mut(&target) else { return };
        let set: Data = set.iter().filter(|(name, value)| known.data.get(name) != Some(*value)).collect();
        let mut gone = Vec::new();
        for name in unset {
            if known.data.unset(name) {
                gone.push(name.clone());
            }
        }
        for (name, value) in set.iter() {
            // The core has checked that there is room for the pairs.
            let _ = known.data.set(name, value);
        }
        self.set_data(&target, &set, &gone);
    }

    pub(super) fn set_data(&mut self, target: &CompactString, set: &Data, unset: &[CompactString]) {
        if set.is_empty() && unset.is_empty() {
            return;
        }
        let mut data: Map<String, Value> = nest(set);
        data.extend(unset.iter().map(|name| (name.to_string(), Value::Null)));
        let names: Vec<CompactString> =
            set.iter().map(|(name, _)| name.into()).chain(unset.iter().cloned()).collect();
        if let Some(interaction) = self.tree.interaction_mut(target) {
            interaction.request(&names);
        }
        let bridge_request = BridgeRequest::Interaction(InteractionRequest::SetData(Value::Object(data)));
        self.request(target, &bridge_request, Purpose::SetData(target.clone(), names));
    }

    /// Handles the response to a change of data. After a failure the session queries the client's data.
    pub(super) fn data_set(&mut self, target: &CompactString, names: &[CompactString], done: bool) {
        let Some(interaction) = self.tree.interaction_mut(target) else { return };
        interaction.answered(names);
        if !done {
            self.request(
                target,
                &BridgeRequest::Interaction(InteractionRequest::Data),
                Purpose::Data(target.clone()),
            );
        }
    }

    /// The hub has completed an interaction. It is completed at the client once it has ended there.
    pub(super) fn pass_completion(&mut self, summary: &InteractionSummary) {
        let Some(call) = self.hub_interactions.close(summary.interaction.id) else { return };
        let Some(target) = self.tree.began_with(&call).cloned() else { return };
        let disposition = summary.disposition.as_ref().map(|code| CompactString::from(code.as_str()));
        if let Some(known) = self.tree.interaction_mut(&target) {
            known.completed = Some(disposition);
        }
        self.complete_ended(&target);
    }

    /// Completes an interaction that has ended at the client and is completed in the hub.
    pub(super) fn complete_ended(&mut self, target: &CompactString) {
        let Some(known) = self.tree.interaction_mut(target) else { return };
        if known.state != InteractionState::Ended {
            return;
        }
        if let Some(disposition) = known.completed.take() {
            let bridge_request = BridgeRequest::Interaction(InteractionRequest::Complete { disposition });
            self.request(target, &bridge_request, Purpose::Ignored);
        }
    }

    /// The client has completed an interaction: completes it in the hub too.
    pub(super) fn complete_at_hub(&mut self, target: &CompactString) {
        let call = self.tree.interaction(target).and_then(|known| known.call.clone());
        let Some(call) = call.filter(|call| self.hub_interactions.of_call(call).is_some()) else { return };
        self.follow_work(&call, Verb::Complete { disposition: None, notes: None });
    }
}
