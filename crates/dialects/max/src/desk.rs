//! The desk end: the peer is a real MAX, which is a switch on the floor.
//!
//! A page of ours stands in MAX and relays the window around it. It is an agent's: what MAX tells there are that agent's state and
//! calls. What is asked of the switch presses one of MAX's buttons, of which nothing is answered: it is done when MAX shows it.

mod agents;
mod calls;
mod follow;
mod guests;
mod requests;

use std::collections::BTreeMap;

use model::{Event, FloorEvent, SwitchEvent, SwitchFeature, SwitchId, Timestamp};
use session::{
    FromHub, Input, Output, Outputs, Page, PageInput, Pages, Projection, Reason, Session, SwitchRequests,
    Timers, ToHub,
};
use uuid::Uuid;

use self::{agents::Seats, guests::Guest, requests::Pressed};
use crate::{DeskConfig, Error};

/// What MAX's buttons can do.
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
pub struct Desk {
    config: DeskConfig,
    /// What the hub calls MAX.
    switch: SwitchId,
    /// Begins the ids of our commands; another one for each process.
    instance: Uuid,
    /// What the hub told; nothing before the first snapshot.
    projection: Option<Projection>,
    guests: BTreeMap<Page, Guest>,
    /// Registrations that MAX has not acknowledged.
    registering: Timers<Page>,
    seats: Seats,
    /// Buttons that were pressed and have not shown their effect.
    requests: SwitchRequests<Pressed>,
    /// Whether some page is registered.
    up: bool,
    out: Outputs<Pages>,
}

impl Desk {
    /// A session for the MAX that the hub knows as `switch`.
    pub fn new(config: DeskConfig, switch: SwitchId, instance: Uuid) -> Result<Self, Error> {
        config.check_peer()?;
        Ok(Self {
            config,
            switch,
            instance,
            projection: None,
            guests: BTreeMap::new(),
            registering: Timers::default(),
            seats: Seats::default(),
            requests: SwitchRequests::default(),
            up: false,
            out: Outputs::default(),
        })
    }

    /// Whether MAX can be reached.
    pub fn is_up(&self) -> bool {
        self.up
    }

    /// How many things are held for later: calls, requests that wait, answers that are remembered, output.
    pub fn held(&self) -> usize {
        self.seats.held() + self.requests.len() + self.out.len()
    }

    fn hub(&mut self, said: FromHub) {
        match said {
            FromHub::Snapshot { snapshot, floor, resync: _ } => {
                self.projection = Some(Projection::from_snapshot(&snapshot, floor));
                self.seat_all();
            }
            FromHub::Event(record) => {
                if let Some(projection) = &mut self.projection {
                    projection.apply(&record);
                }
                if let Event::Floor(FloorEvent::Changed { .. }) = record.event {
                    self.seat_all();
                }
            }
            FromHub::Requested { request, asked } => self.asked(request, &asked),
            FromHub::Answer { command, result: Err(refused) } => {
                tracing::debug!(%command, code = refused.code.word(), text = %refused.text, "command refused");
            }
            FromHub::Answer { .. } | FromHub::Authenticated { .. } | FromHub::Closing => {}
        }
    }

    /// The switch can be reached as long as one page is registered.
    fn link(&mut self, up: bool, why: &str) {
        if std::mem::replace(&mut self.up, up) == up {
            return;
        }
        if up {
            let calls = self.seats.pictures();
            self.tell(SwitchEvent::LinkUp { features: FEATURES.to_vec(), calls });
        } else {
            // Nothing will be seen of what was asked.
            self.requests.refuse_all(why, &mut self.out);
            self.tell(SwitchEvent::LinkDown { why: why.into() });
        }
    }

    fn tell(&mut self, event: SwitchEvent) {
        self.out.say(ToHub::Switch(event));
    }
}

impl Session for Desk {
    type Transport = Pages;

    fn handle(&mut self, now: Timestamp, input: Input<Pages>) {
        self.out.note(now);
        match input {
            Input::Start => self.out.say(ToHub::Subscribe),
            Input::Peer(PageInput { page, said }) => self.page(page, said),
            Input::Hub(said) => self.hub(said),
            Input::Tick => {}
        }
        self.register_due();
        self.requests.refuse_late("MAX did not show in time that it was done", &mut self.out);
        self.lose_deserted();
    }

    fn poll(&mut self) -> Option<Output<Pages>> {
        self.out.poll()
    }

    fn deadline(&self) -> Option<(Timestamp, Reason)> {
        let register = self.registering.next().map(|(at, _)| (at, "a registration is to be sent again"));
        let effect = self.requests.deadline().map(|at| (at, "a button has to have shown its effect"));
        let back = self.seats.due().map(|at| (at, "calls of agents without a page are lost"));
        self.out.earliest(register.into_iter().chain(effect).chain(back))
    }
}
