//! The desk end: the peer is a real MAX, which is a switch on the floor.
//!
//! Cordboard's page is embedded in an agent's MAX and relays its messages. They report that agent's state and calls. A request to the switch
//! presses a button of MAX. MAX does not answer, so the request is complete when its effect is reported.

mod agents;
mod calls;
mod embedded_pages;
mod follow;
mod requests;

use std::collections::BTreeMap;

use model::{Event, FloorEvent, SwitchEvent, SwitchFeature, SwitchId, Timestamp};
use session::{
    FromHub, Input, Output, Outputs, Page, PageInput, Pages, Projection, Reason, Session, SwitchRequests,
    Timers, ToHub,
};
use uuid::Uuid;

use self::{agents::MaxAgents, embedded_pages::EmbeddedPage, requests::PressedButton};
use crate::{DeskConfig, Error};

/// The switch features that MAX's buttons provide.
const FEATURES: [SwitchFeature; 6] = [
    SwitchFeature::AnswerCall,
    SwitchFeature::ClearConnection,
    SwitchFeature::HoldCall,
    SwitchFeature::SetMute,
    SwitchFeature::Recording,
    SwitchFeature::PauseRecording,
];

/// The desk end of MAX.
#[derive(Debug)]
pub struct DeskSession {
    config: DeskConfig,
    /// The ID of MAX as a switch.
    switch: SwitchId,
    /// Part of the IDs of this session's commands; unique to each process.
    instance: Uuid,
    /// The hub's state; `None` before the first snapshot.
    projection: Option<Projection>,
    embedded_pages: BTreeMap<Page, EmbeddedPage>,
    /// Registrations that MAX has not acknowledged, with the time of the next attempt.
    registering: Timers<Page>,
    max_agents: MaxAgents,
    /// Pressed buttons whose effect was not reported yet.
    requests: SwitchRequests<PressedButton>,
    /// Whether at least one page is registered.
    up: bool,
    out: Outputs<Pages>,
}

impl DeskSession {
    /// Creates a session. `switch` is the ID of MAX on the floor.
    pub fn new(config: DeskConfig, switch: SwitchId, instance: Uuid) -> Result<Self, Error> {
        config.check_peer()?;
        Ok(Self {
            config,
            switch,
            instance,
            projection: None,
            embedded_pages: BTreeMap::new(),
            registering: Timers::default(),
            max_agents: MaxAgents::default(),
            requests: SwitchRequests::default(),
            up: false,
            out: Outputs::default(),
        })
    }

    /// Whether MAX is reachable.
    pub fn is_up(&self) -> bool {
        self.up
    }

    /// How many items the session keeps: calls, waiting requests, remembered answers and output.
    pub fn held(&self) -> usize {
        self.max_agents.held() + self.requests.len() + self.out.len()
    }

    fn hub(&mut self, message: FromHub) {
        match message {
            FromHub::Snapshot { snapshot, floor, resync: _ } => {
                self.projection = Some(Projection::from_snapshot(&snapshot, floor));
                self.admit_all();
            }
            FromHub::Event(record) => {
                if let Some(projection) = &mut self.projection {
                    projection.apply(&record);
                }
                if let Event::Floor(FloorEvent::Changed { .. }) = record.event {
                    self.admit_all();
                }
            }
            FromHub::Requested { request, requested } => self.requested(request, &requested),
            FromHub::Answer { command, result: Err(refused) } => {
                tracing::debug!(%command, code = refused.code.as_str(), text = %refused.text, "command refused");
            }
            FromHub::Answer { .. } | FromHub::Authenticated { .. } | FromHub::Closing => {}
        }
    }

    /// Reports the link: the switch is up while at least one page is registered.
    fn link(&mut self, up: bool, why: &str) {
        if std::mem::replace(&mut self.up, up) == up {
            return;
        }
        if up {
            self.report_all();
        } else {
            // The effects of waiting requests will not be reported.
            self.requests.refuse_all(why, &mut self.out);
            self.report(SwitchEvent::LinkDown { why: why.into() });
        }
    }

    /// Reports the switch features and all calls to the hub.
    fn report_all(&mut self) {
        let calls = self.max_agents.pictures();
        self.report(SwitchEvent::LinkUp { features: FEATURES.to_vec(), calls });
    }

    fn report(&mut self, event: SwitchEvent) {
        self.out.push(ToHub::Switch(event));
    }
}

impl Session for DeskSession {
    type Transport = Pages;

    fn handle(&mut self, now: Timestamp, input: Input<Pages>) {
        self.out.note(now);
        match input {
            Input::Start => self.out.push(ToHub::Subscribe),
            Input::Peer(PageInput { page, message }) => self.page(page, message),
            Input::Hub(message) => self.hub(message),
            Input::Tick => {}
        }
        self.register_due();
        self.requests.refuse_late("MAX did not show in time that it was done", &mut self.out);
        self.end_orphaned_calls();
    }

    fn poll(&mut self) -> Option<Output<Pages>> {
        self.out.poll()
    }

    fn deadline(&self) -> Option<(Timestamp, Reason)> {
        let register = self.registering.next().map(|(at, _)| (at, "register a page again"));
        let effect = self.requests.deadline().map(|at| (at, "the effect of a button is overdue"));
        let back = self.max_agents.due().map(|at| (at, "end the calls of agents without a page"));
        self.out.earliest(register.into_iter().chain(effect).chain(back))
    }
}
