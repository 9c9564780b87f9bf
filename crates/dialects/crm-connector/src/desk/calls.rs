//! The connector's calls, as far as it reports them.

use std::{collections::BTreeMap, time::Duration};

use compact_str::CompactString;
use model::{
    AgentId, CallId, Cause, Data, DeviceId, Interaction, InteractionId, Number, Party, PartyKind,
    SwitchEvent, Timestamp,
    switch::{CallPicture, ConnectionPicture, ConnectionState, Delivery},
};
use session::{Page, Timers, ToHub};

use super::DeskSession;
use crate::wire::{LogRecord, Progress, ScreenPop, Step, limits::CLICK_WITHIN};

/// The most live calls. Our choice.
pub(super) const CALLS_MAX: usize = 1_024;

/// One call at one phone.
#[derive(Debug, Clone)]
struct Call {
    /// The page with the connector; `None` while it is loaded again.
    page: Option<Page>,
    agent: AgentId,
    device: DeviceId,
    remote: PartyKind,
    dialled: Number,
    inbound: bool,
    state: ConnectionState,
    /// The connector's ID of the call. A clicked call, or one that was reported by number only, has none until a later message.
    connector_id: Option<String>,
    /// When the call was first reported.
    since: Timestamp,
}

/// The connector's calls.
#[derive(Debug, Default)]
pub(super) struct Calls {
    live: BTreeMap<CallId, Call>,
    /// Calls that a restarted connector has not named yet, with their time limits.
    expected: Timers<CallId>,
    /// Agents whose page is gone, with the time limit for the next one. Their calls are kept until then.
    away: Timers<AgentId>,
}

impl Calls {
    pub(super) fn len(&self) -> usize {
        self.live.len()
    }

    /// Adds a clicked call.
    pub(super) fn dialled(
        &mut self,
        (page, agent): (Page, AgentId),
        since: Timestamp,
        id: CallId,
        device: DeviceId,
        to: Number,
    ) -> SwitchEvent {
        let remote = PartyKind::Outside(to.clone());
        let event = SwitchEvent::Originated {
            call: id.clone(),
            device: device.clone(),
            to: Party::new(remote.clone()),
            linked: None,
            data: Data::new(),
        };
        let state = ConnectionState::Initiated;
        let (page, connector_id) = (Some(page), None);
        let call =
            Call { page, agent, device, remote, dialled: to, inbound: false, state, connector_id, since };
        self.put(id, call);
        event
    }

    pub(super) fn is_live(&self, id: &CallId) -> bool {
        self.live.contains_key(id)
    }

    /// The page of an agent is gone. Its calls have until `until` to be taken over by the agent's next page.
    pub(super) fn leave(&mut self, page: Page, until: Timestamp) {
        for (id, call) in self.live.iter_mut().filter(|(_, call)| call.page == Some(page)) {
            call.page = None;
            self.expected.cancel(id);
            self.away.set(call.agent.clone(), until);
        }
    }

    /// The page of an agent takes over the calls of the page before. Returns whether there are any.
    pub(super) fn take_over(&mut self, page: Page, agent: &AgentId) -> bool {
        self.away.cancel(agent);
        let orphans = self.live.values_mut().filter(|call| call.page.is_none() && call.agent == *agent);
        orphans.map(|call| call.page = Some(page)).count() > 0
    }

    /// Calls of a page that the agent dialed and that nobody has answered.
    pub(super) fn unanswered(&self, page: Page) -> Vec<CallId> {
        let dialing = self.of(page).filter(|(_, call)| call.state == ConnectionState::Initiated);
        dialing.map(|(id, _)| id.clone()).collect()
    }

    /// When the calls of the next agent end whose page has not come back.
    pub(super) fn returns_until(&self) -> Option<Timestamp> {
        self.away.next().map(|(until, _)| until)
    }

    fn orphans(&self, agent: &AgentId) -> Vec<CallId> {
        let orphans = self.live.iter().filter(|(_, call)| call.page.is_none() && call.agent == *agent);
        orphans.map(|(id, _)| id.clone()).collect()
    }

    /// All live calls.
    pub(super) fn pictures(&self) -> Vec<CallPicture> {
        self.live.iter().map(|(id, call)| call.picture(id)).collect()
    }

    fn put(&mut self, id: CallId, call: Call) {
        if self.live.len() < CALLS_MAX {
            self.live.insert(id, call);
        }
    }

    /// The call that the connector means: the one with this ID, or else one without an ID that matches. That one gets the ID.
    fn find(&mut self, page: Page, connector_id: &str, is_with: impl Fn(&Call) -> bool) -> Option<CallId> {
        let named = self.of(page).find(|(_, call)| call.connector_id.as_deref() == Some(connector_id));
        let found =
            named.or_else(|| self.of(page).find(|(_, call)| call.connector_id.is_none() && is_with(call)));
        let id = found.map(|(id, _)| id.clone())?;
        self.live.get_mut(&id)?.connector_id = Some(connector_id.to_owned());
        self.expected.cancel(&id);
        Some(id)
    }

    /// The call of a log. The addresses are caller and called party; a connector that does not report the direction may have the customer in
    /// either. A log without numbers belongs to the only call without an ID.
    fn of_log(&mut self, page: Page, log: &LogRecord) -> Option<CallId> {
        let numbers = [&log.originating, &log.destination];
        let has_none = numbers.iter().all(|number| digits(number).is_empty());
        let is_only = self.of(page).filter(|(_, call)| call.connector_id.is_none()).count() == 1;
        self.find(page, &log.interaction, |call| {
            numbers.iter().any(|number| call.is_with(number)) || (has_none && is_only)
        })
    }

    fn of(&self, page: Page) -> impl Iterator<Item = (&CallId, &Call)> {
        self.live.iter().filter(move |(_, call)| call.page == Some(page))
    }

    /// The connector of a page has restarted. It has until `until` to name the calls that are still live.
    pub(super) fn expect(&mut self, page: Page, until: Timestamp) {
        let named =
            self.live.iter().filter(|(_, call)| call.page == Some(page) && call.connector_id.is_some());
        named.for_each(|(id, _)| self.expected.set(id.clone(), until));
    }

    /// When the next call ends that was not named again.
    pub(super) fn expected_until(&self) -> Option<Timestamp> {
        self.expected.next().map(|(until, _)| until)
    }

    fn take(&mut self, id: &CallId) -> Option<Call> {
        self.expected.cancel(id);
        self.live.remove(id)
    }

    /// Clicks from before a time that the connector has not reported.
    pub(super) fn unanswered_clicks(&self, before: Timestamp) -> Vec<CallId> {
        self.clicks().filter(|(_, call)| call.since <= before).map(|(id, _)| id.clone()).collect()
    }

    /// The time of the oldest click that the connector has not reported.
    pub(super) fn oldest_click(&self) -> Option<Timestamp> {
        self.clicks().map(|(_, call)| call.since).min()
    }

    fn clicks(&self) -> impl Iterator<Item = (&CallId, &Call)> {
        self.live.iter().filter(|(_, call)| !call.inbound && call.connector_id.is_none())
    }

    /// A clicked call has failed.
    pub(super) fn fail(&mut self, id: &CallId) -> Option<SwitchEvent> {
        let call = self.take(id)?;
        Some(SwitchEvent::Failed { call: id.clone(), device: call.device, cause: Cause::Failed })
    }

    fn step(&mut self, id: &CallId, state: ConnectionState) -> Option<SwitchEvent> {
        let call = self.live.get_mut(id).filter(|call| call.state != state)?;
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
        let call = self.take(id)?;
        Some(SwitchEvent::ConnectionCleared { call: id.clone(), at: PartyKind::Device(call.device), cause })
    }
}

impl Call {
    fn is_with(&self, number: &str) -> bool {
        match self.remote.number() {
            Some(known) => is_same_number(known, number),
            None => digits(number).is_empty(),
        }
    }

    fn delivery(&self, id: &CallId, data: Data) -> Delivery {
        Delivery {
            call: id.clone(),
            at: PartyKind::Device(self.device.clone()),
            caller: Party::new(self.remote.clone()),
            dialled: self.dialled.clone(),
            queue: None,
            linked: None,
            data,
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

impl DeskSession {
    /// Handles a screen pop. The connector waits for the answer before it sends one, so the call is connected. The vendor's own connector
    /// sends the number only, also for a clicked call.
    pub(super) fn popped(&mut self, page: Page, pop: &ScreenPop) {
        let finds = !pop.ani.is_empty() || !pop.params.is_empty() || !pop.dnis.is_empty();
        if !pop.inbound || !finds {
            return;
        }
        let ani = pop.ani.first().map_or("", CompactString::as_str);
        let known = if pop.interaction.is_empty() {
            self.calls.of(page).find(|(_, call)| call.is_with(ani)).map(|(id, _)| id.clone())
        } else {
            self.calls.find(page, &pop.interaction, |call| call.inbound && call.is_with(ani))
        };
        let data = params(pop);
        let id = match known {
            Some(id) => {
                if !data.is_empty() {
                    self.out.push(ToHub::Switch(SwitchEvent::CallInformation { call: id.clone(), data }));
                }
                Some(id)
            }
            // A connector that reports events has reported each call by now, so this record has no call.
            None if self.reports_events && !pop.interaction.is_empty() => None,
            None => {
                let connector_id = Some(pop.interaction.as_str()).filter(|id| !id.is_empty());
                let dialled = pop.dnis.first().map(CompactString::as_str);
                self.rings(page, connector_id, (ani, dialled), data)
            }
        };
        self.steps(id, ConnectionState::Connected);
    }

    /// Handles an event from a connector that supports `interactionEvents`.
    pub(super) fn interaction_event(&mut self, page: Page, progress: &Progress) {
        self.reports_events = true;
        let (inbound, connector_id) = (progress.inbound, progress.interaction.as_str());
        let remote = if inbound { &progress.originating } else { &progress.destination };
        let id = self.calls.find(page, connector_id, |call| call.inbound == inbound && call.is_with(remote));
        let begins = id.is_none() && matches!(progress.step, Step::Alerting | Step::Connected | Step::Held);
        let id = match begins {
            true if inbound => {
                self.rings(page, Some(connector_id), (remote, Some(&progress.destination)), Data::new())
            }
            true => self.dials(page, connector_id, remote),
            false => id,
        };
        match progress.step {
            Step::Alerting => {}
            Step::Connected | Step::Resumed => self.steps(id, ConnectionState::Connected),
            Step::Held => {
                if begins {
                    self.steps(id.clone(), ConnectionState::Connected);
                }
                self.steps(id, ConnectionState::Held);
            }
            Step::Transferred => self.ends(id, Cause::Transferred),
            Step::Ended => self.ends(id, Cause::Normal),
        }
    }

    /// Handles a log: the call has ended. The log is saved first, because the end of the call may complete the interaction.
    pub(super) fn logged(&mut self, page: Page, log: LogRecord) {
        let call = self.calls.of_log(page, &log);
        let interaction = match &call {
            Some(call) => self.interaction_of(call),
            None => self
                .hosts
                .get(&page)
                .and_then(|host| self.ended.get(&(host.agent.clone(), log.interaction.to_string())).copied()),
        };
        self.save(page, log, interaction);
        self.ends(call, Cause::Normal);
    }

    /// The hub's interaction of a call.
    pub(super) fn interaction_of(&self, call: &CallId) -> Option<InteractionId> {
        let agent = &self.calls.live.get(call)?.agent;
        let has = |interaction: &&Interaction| interaction.conversations().any(|(_, leg)| leg.call == *call);
        let mut interactions = self
            .projection
            .interactions_of(agent)
            .filter(|interaction| interaction.switch.as_ref() == Some(&self.switch));
        interactions.find(has).map(|interaction| interaction.id)
    }

    fn rings(
        &mut self,
        page: Page,
        connector_id: Option<&str>,
        (ani, dialled): (&str, Option<&str>),
        data: Data,
    ) -> Option<CallId> {
        let (device, agent) = (self.phone(page)?, self.hosts.get(&page)?.agent.clone());
        let since = self.out.now();
        let id = match connector_id {
            Some(connector_id) => CallId::new(format!("{}-{connector_id}", page.0)),
            // The time is part of the ID, because the same caller may call again.
            None => CallId::new(format!("{}-{}-{}", page.0, digits(ani), since.0)),
        };
        let id = id.ok()?;
        let remote = Number::new(ani).map_or(PartyKind::Withheld, PartyKind::Outside);
        let dialled = dialled.and_then(|number| Number::new(number).ok());
        let dialled = dialled.or_else(|| Number::new(device.as_str()).ok())?;
        let state = ConnectionState::Alerting;
        let connector_id = connector_id.map(str::to_owned);
        let page = Some(page);
        let call = Call { page, agent, device, remote, dialled, inbound: true, state, connector_id, since };
        self.out.push(ToHub::Switch(SwitchEvent::Delivered(call.delivery(&id, data))));
        self.calls.put(id.clone(), call);
        Some(id)
    }

    /// The agent has dialed at the connector.
    fn dials(&mut self, page: Page, connector_id: &str, to: &str) -> Option<CallId> {
        let (device, number) = (self.phone(page)?, to.to_owned());
        let agent = self.hosts.get(&page)?.agent.clone();
        let to = Number::new(to).ok()?;
        let id = CallId::new(format!("{}-{connector_id}", page.0)).ok()?;
        let event = self.calls.dialled((page, agent), self.out.now(), id.clone(), device, to);
        self.calls.find(page, connector_id, |call| !call.inbound && call.is_with(&number));
        self.out.push(ToHub::Switch(event));
        Some(id)
    }

    /// Ends the calls that a restarted connector has not named in time.
    pub(super) fn end_unnamed(&mut self) {
        while let Some(id) = self.calls.expected.take(self.out.now()) {
            self.ends(Some(id), Cause::Lost);
        }
    }

    /// Ends the calls of agents whose page has not come back in time.
    pub(super) fn end_orphans(&mut self) {
        while let Some(agent) = self.calls.away.take(self.out.now()) {
            self.calls.orphans(&agent).into_iter().for_each(|id| self.ends(Some(id), Cause::Lost));
        }
    }

    fn steps(&mut self, id: Option<CallId>, state: ConnectionState) {
        if let Some(event) = id.and_then(|id| self.calls.step(&id, state)) {
            self.out.push(ToHub::Switch(event));
        }
    }

    pub(super) fn ends(&mut self, id: Option<CallId>, cause: Cause) {
        let Some(id) = id else { return };
        let call = self.calls.live.get(&id);
        let named = call.and_then(|call| Some((call.agent.clone(), call.connector_id.clone()?)));
        if let Some(((agent, connector_id), interaction)) = named.zip(self.interaction_of(&id)) {
            self.ended.put((agent, connector_id), interaction);
        }
        if let Some(event) = self.calls.end(&id, cause) {
            self.out.push(ToHub::Switch(event));
        }
    }

    /// Gives up clicks that a connector with events has not reported: it has not made these calls.
    pub(super) fn give_up_clicks(&mut self) {
        let Some(before) = self.out.now().0.checked_sub(millis(CLICK_WITHIN)).filter(|_| self.reports_events)
        else {
            return;
        };
        for id in self.calls.unanswered_clicks(Timestamp(before)) {
            if let Some(event) = self.calls.fail(&id) {
                self.out.push(ToHub::Switch(event));
            }
        }
    }

    /// When the next click is given up.
    pub(super) fn clicks_due(&self) -> Option<Timestamp> {
        self.calls.oldest_click().filter(|_| self.reports_events).map(|since| since + CLICK_WITHIN)
    }
}

/// The custom parameters of a screen pop. Pairs that are too long are left out.
fn params(pop: &ScreenPop) -> Data {
    pop.params.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}

/// The digits of a number, or of the user part of a SIP address.
fn digits(text: &str) -> String {
    let user = text.split(['@', ';']).next().unwrap_or(text);
    user.chars().filter(char::is_ascii_digit).collect()
}

/// How many digits at the end of two numbers must be equal if one of them has a longer prefix. Our choice: shorter numbers are extensions,
/// and many numbers end with them.
const SUFFIX_DIGITS: usize = 6;

/// Whether two numbers are the same, with or without prefixes. Only numbers in calls of one agent's page are compared.
fn is_same_number(known: &str, reported: &str) -> bool {
    let (known, reported) = (digits(known), digits(reported));
    let shorter = known.len().min(reported.len());
    let same = known == reported;
    !known.is_empty()
        && (same || (shorter >= SUFFIX_DIGITS && (known.ends_with(&reported) || reported.ends_with(&known))))
}
