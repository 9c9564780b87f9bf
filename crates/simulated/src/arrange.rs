//! What a person arranges at the switch: what goes wrong, and how numbers outside behave.

use model::{Number, SwitchEvent, Timestamp};
use serde::Serialize;

use crate::{
    Behaviour, Error, Switch,
    faults::{Chances, Fault},
    line::Link,
};

/// What goes wrong, as it is shown.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FaultsView {
    /// By chance.
    pub chances: Chances,
    /// On demand, and has not happened yet.
    pub armed: Vec<Fault>,
    /// Whether the hub can reach the switch.
    pub link_up: bool,
}

impl Switch {
    /// Has something go wrong: a lost link, a vanished call and a refused agent at once, the others with the next event or request.
    ///
    /// Refuses to make a call vanish that is not there, and more than 64 faults that have not happened yet.
    pub fn fault(&mut self, now: Timestamp, fault: Fault) -> Result<(), Error> {
        self.act(now, |switch| match fault {
            Fault::LostLink { for_ms } => {
                switch.lose_link(for_ms.unwrap_or(switch.line.faults.chances.link_down_ms));
                Ok(())
            }
            Fault::VanishedCall { call } => switch.vanish(&call),
            Fault::RefusedAgent { agent, text } => {
                switch.line.push(SwitchEvent::AgentRefused { agent, text });
                Ok(())
            }
            fault @ (Fault::LateEvent { .. } | Fault::RepeatedEvent | Fault::RefusedRequest) => {
                switch.line.faults.arm(fault)
            }
        })
    }

    /// Sets what goes wrong by chance from here on.
    pub fn set_chances(&mut self, chances: Chances) {
        self.line.faults.chances = chances;
    }

    /// What goes wrong.
    pub fn faults(&self) -> FaultsView {
        let faults = &self.line.faults;
        let armed = faults.armed().cloned().collect();
        FaultsView { chances: faults.chances.clone(), armed, link_up: self.line.link == Link::Up }
    }

    /// Has a number outside behave so when it is dialled from here on. Refuses more than 10,000 such numbers.
    pub fn behave(&mut self, number: Number, behaviour: Behaviour) -> Result<(), Error> {
        self.engine.numbering.outside.set(number, behaviour)
    }
}
