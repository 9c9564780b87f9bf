//! The features of the hub's switches, which decide about `blindconference`.

use std::collections::BTreeMap;

use model::{Event, LinkEvent, Snapshot, SwitchFeature, SwitchId};

/// The features that inviting a person into a call needs (harmony.md §12).
const INVITING: [SwitchFeature; 2] = [SwitchFeature::ConsultationCall, SwitchFeature::ConferenceCall];

/// The last known features of each switch.
#[derive(Debug, Default)]
pub(super) struct Switches(BTreeMap<SwitchId, Vec<SwitchFeature>>);

impl Switches {
    pub(super) fn from_snapshot(snapshot: &Snapshot) -> Self {
        let up = snapshot.switches.iter().filter(|switch| switch.up);
        Self(up.map(|switch| (switch.id.clone(), switch.features.clone())).collect())
    }

    /// Applies an event. A switch that cannot be reached keeps its features.
    pub(super) fn apply(&mut self, event: &Event) {
        if let Event::Link(LinkEvent::Changed { switch, up: true, features, .. }) = event {
            self.0.insert(switch.clone(), features.clone());
        }
    }

    /// Whether a switch can connect an invited person.
    pub(super) fn invites(&self, switch: &SwitchId) -> bool {
        self.0.get(switch).is_some_and(|features| can_invite(features))
    }

    /// Whether any switch can do this. True if no switch is known yet.
    pub(super) fn invites_somewhere(&self) -> bool {
        self.0.is_empty() || self.0.values().any(|features| can_invite(features))
    }
}

fn can_invite(features: &[SwitchFeature]) -> bool {
    INVITING.iter().all(|needed| features.contains(needed))
}
