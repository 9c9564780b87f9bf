//! Faults, and the behavior of outside numbers, as set over the control interface.

use model::{Number, SwitchEvent, Timestamp};
use serde::Serialize;

use crate::{
    Behavior, Error, Switch,
    faults::{Chances, Fault},
    hub_link::LinkState,
};

/// The current faults.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FaultsView {
    /// Faults that happen by chance.
    pub chances: Chances,
    /// Faults that were requested and have not happened yet.
    pub armed: Vec<Fault>,
    /// Whether the hub can reach the switch.
    pub link_up: bool,
}

impl Switch {
    /// Requests a fault. A lost link, a vanished call and a refused agent happen immediately, others with the next
    /// event or request.
    ///
    /// Rejects an unknown call, and more than 64 faults that have not happened yet.
    pub fn fault(&mut self, now: Timestamp, fault: Fault) -> Result<(), Error> {
        self.act(now, |switch| match fault {
            Fault::LostLink { for_ms } => {
                switch.lose_link(for_ms.unwrap_or(switch.hub_link.faults.chances.link_down_ms));
                Ok(())
            }
            Fault::VanishedCall { call } => switch.vanish(&call),
            Fault::RefusedAgent { agent, text } => {
                switch.hub_link.push(SwitchEvent::AgentRefused { agent, text });
                Ok(())
            }
            fault @ (Fault::LateEvent { .. } | Fault::RepeatedEvent | Fault::RefusedRequest) => {
                switch.hub_link.faults.arm(fault)
            }
        })
    }

    /// Sets the probabilities of faults.
    pub fn set_chances(&mut self, chances: Chances) {
        self.hub_link.faults.chances = chances;
    }

    /// The current faults.
    pub fn faults(&self) -> FaultsView {
        let faults = &self.hub_link.faults;
        let armed = faults.armed().cloned().collect();
        FaultsView { chances: faults.chances.clone(), armed, link_up: self.hub_link.link == LinkState::Up }
    }

    /// Sets the behavior of an outside number. Rejects more than 10,000 such numbers.
    pub fn behave(&mut self, number: Number, behavior: Behavior) -> Result<(), Error> {
        self.engine.numbering.outside.set(number, behavior)
    }
}
