//! The connector's calls, as far as it says anything of them.

use std::collections::BTreeMap;

use model::{
    CallId, Cause, Data, DeviceId, Number, Party, PartyKind, SwitchEvent,
    switch::{CallPicture, ConnectionPicture, ConnectionState, Delivery},
};
use session::{Page, ToHub};

use super::Desk;
use crate::wire::{LogRecord, Progress, ScreenPop, Step};

/// The most calls that are known at once. Ours.
const CALLS_MAX: usize = 1_024;

/// One call at one phone.
#[derive(Debug, Clone)]
struct Call {
    page: Page,
    device: DeviceId,
    remote: PartyKind,
    dialled: Number,
    inbound: bool,
    state: ConnectionState,
    /// The connector's name for it; one that we made has none until it says something of it.
    theirs: Option<String>,
}

/// The connector's calls.
#[derive(Debug, Default)]
pub(super) struct Calls(BTreeMap<CallId, Call>);

impl Calls {
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// We had a number clicked.
    pub(super) fn dialled(&mut self, page: Page, id: CallId, device: DeviceId, to: Number) -> SwitchEvent {
        let remote = PartyKind::Outside(to.clone());
        let event = SwitchEvent::Originated {
            call: id.clone(),
            device: device.clone(),
            to: Party::new(remote.clone()),
            linked: None,
            data: Data::new(),
        };
        let state = ConnectionState::Initiated;
        self.put(id, Call { page, device, remote, dialled: to, inbound: false, state, theirs: None });
        event
    }

    /// The connector of a page is gone.
    pub(super) fn lost(&mut self, page: Page) -> Vec<SwitchEvent> {
        let gone: Vec<CallId> =
            self.0.iter().filter(|(_, call)| call.page == page).map(|(id, _)| id.clone()).collect();
        gone.iter().filter_map(|id| self.end(id, Cause::Lost)).collect()
    }

    /// Every call as it is.
    pub(super) fn pictures(&self) -> Vec<CallPicture> {
        self.0.iter().map(|(id, call)| call.picture(id)).collect()
    }

    fn put(&mut self, id: CallId, call: Call) {
        if self.0.len() < CALLS_MAX {
            self.0.insert(id, call);
        }
    }

    /// Which call the connector means: one it named before, else one that we made to that number.
    fn find(&mut self, page: Page, theirs: &str, remote: Option<&str>) -> Option<CallId> {
        let mut of_page = self.0.iter_mut().filter(|(_, call)| call.page == page);
        let named = |call: &Call| call.theirs.as_deref() == Some(theirs);
        let dialled = |call: &Call| call.theirs.is_none() && ends_alike(call.remote.number(), remote);
        let (id, call) = of_page.find(|(_, call)| named(call) || dialled(call))?;
        call.theirs = Some(theirs.to_owned());
        Some(id.clone())
    }

    fn step(&mut self, id: &CallId, state: ConnectionState) -> Option<SwitchEvent> {
        let call = self.0.get_mut(id).filter(|call| call.state != state)?;
        let before = std::mem::replace(&mut call.state, state);
        let (id, device) = (id.clone(), call.device.clone());
        match state {
            ConnectionState::Held => Some(SwitchEvent::Held { call: id, device }),
            ConnectionState::Connected if before == ConnectionState::Held => {
                Some(SwitchEvent::Retrieved { call: id, device })
            }
            ConnectionState::Connected => {
                let at = if call.inbound { PartyKind::Device(device) } else { call.remote.clone() };
                Some(SwitchEvent::Established { call: id, at })
            }
            ConnectionState::Initiated | ConnectionState::Alerting | ConnectionState::Queued => None,
        }
    }

    fn end(&mut self, id: &CallId, cause: Cause) -> Option<SwitchEvent> {
        let call = self.0.remove(id)?;
        Some(SwitchEvent::ConnectionCleared { call: id.clone(), at: PartyKind::Device(call.device), cause })
    }
}

impl Call {
    fn delivery(&self, id: &CallId) -> Delivery {
        Delivery {
            call: id.clone(),
            at: PartyKind::Device(self.device.clone()),
            caller: Party::new(self.remote.clone()),
            dialled: self.dialled.clone(),
            queue: None,
            linked: None,
            data: Data::new(),
        }
    }

    fn picture(&self, id: &CallId) -> CallPicture {
        let own = Party::new(PartyKind::Device(self.device.clone()));
        let remote = Party::new(self.remote.clone());
        let far = match (self.state, self.inbound) {
            (ConnectionState::Initiated, false) => ConnectionState::Alerting,
            (ConnectionState::Alerting, true) => ConnectionState::Initiated,
            (_, _) => ConnectionState::Connected,
        };
        CallPicture {
            call: id.clone(),
            queue: None,
            caller: if self.inbound { remote.clone() } else { own.clone() },
            dialled: self.dialled.clone(),
            linked: None,
            data: Data::new(),
            connections: vec![
                ConnectionPicture { party: own, state: self.state },
                ConnectionPicture { party: remote, state: far },
            ],
        }
    }
}

impl Desk {
    /// A record is to be shown: since the connector was told to wait for the answer, that is a call that talks.
    pub(super) fn popped(&mut self, page: Page, pop: &ScreenPop) {
        let Some(ani) = pop.ani.first().filter(|_| pop.inbound) else { return };
        let theirs = if pop.interaction.is_empty() { ani } else { &pop.interaction };
        let id = self.calls.find(page, theirs, None).or_else(|| self.rings(page, theirs, ani, None));
        self.steps(id, ConnectionState::Connected);
    }

    /// The connector knows our extension and says how an interaction went on.
    pub(super) fn went_on(&mut self, page: Page, progress: &Progress) {
        let remote = if progress.inbound { &progress.originating } else { &progress.destination };
        let id = self.calls.find(
            page,
            &progress.interaction,
            Some(remote).filter(|_| !progress.inbound).map(|to| to.as_str()),
        );
        match progress.step {
            Step::Alerting if id.is_none() && progress.inbound => {
                self.rings(page, &progress.interaction, remote, Some(&progress.destination));
            }
            Step::Alerting => {}
            Step::Connected | Step::Resumed => self.steps(id, ConnectionState::Connected),
            Step::Held => self.steps(id, ConnectionState::Held),
            Step::Ended => self.ends(id),
        }
    }

    /// An interaction is to be logged: it is over.
    pub(super) fn logged(&mut self, page: Page, log: &LogRecord) {
        let to = Some(log.destination.as_str()).filter(|_| !log.inbound);
        let id = self
            .calls
            .find(page, &log.interaction, to)
            .or_else(|| self.calls.find(page, &log.originating, None));
        self.ends(id);
    }

    fn rings(&mut self, page: Page, theirs: &str, ani: &str, dialled: Option<&str>) -> Option<CallId> {
        let device = self.phone(page)?;
        let id = CallId::new(format!("{}-{theirs}", page.0)).ok()?;
        let remote = Number::new(ani).map_or(PartyKind::Withheld, PartyKind::Outside);
        let dialled = dialled.and_then(|number| Number::new(number).ok());
        let dialled = dialled.or_else(|| Number::new(device.as_str()).ok())?;
        let state = ConnectionState::Alerting;
        let call =
            Call { page, device, remote, dialled, inbound: true, state, theirs: Some(theirs.to_owned()) };
        self.out.say(ToHub::Switch(SwitchEvent::Delivered(call.delivery(&id))));
        self.calls.put(id.clone(), call);
        Some(id)
    }

    fn steps(&mut self, id: Option<CallId>, state: ConnectionState) {
        if let Some(event) = id.and_then(|id| self.calls.step(&id, state)) {
            self.out.say(ToHub::Switch(event));
        }
    }

    fn ends(&mut self, id: Option<CallId>) {
        if let Some(event) = id.and_then(|id| self.calls.end(&id, Cause::Normal)) {
            self.out.say(ToHub::Switch(event));
        }
    }
}

/// Whether two numbers are one, written with and without prefixes.
fn ends_alike(known: Option<&str>, said: Option<&str>) -> bool {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let Some((known, said)) = known.zip(said) else { return false };
    let (known, said) = (digits(known), digits(said));
    !known.is_empty() && !said.is_empty() && (known.ends_with(&said) || said.ends_with(&known))
}
