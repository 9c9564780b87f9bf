//! Reports conversations to the hub. Each is a call between a phone and other parties.
//!
//! The other parties always count as outside the floor, even at phones of the floor. Their own conversations are separate calls with the same
//! linkage; see `origins`.

use compact_str::CompactString;
use model::{
    CallId, Cause, Data, DeviceId, Number, Party, PartyKind, SwitchEvent, SwitchFeature,
    switch::{CallPicture, ConnectionPicture, ConnectionState, Delivery},
};

use super::{
    DeskSession,
    tree::{Conversation, Interaction, Kind, Stage},
};
use crate::wire::{
    limits::RESYNC_PAUSE,
    reply::Member,
    words::{Capability, ConversationState, Direction},
};

/// A conversation with its interaction.
struct Leg<'a> {
    conversation: &'a Conversation,
    interaction: &'a Interaction,
    /// The call that is on hold for it.
    linked: Option<CallId>,
    /// The call that it grew out of.
    origin: Option<CallId>,
}

impl DeskSession {
    /// Reports the changes of a conversation, or of all conversations of an interaction that has become ready.
    pub(super) fn show(&mut self, target: &CompactString) {
        let Some(node) = self.tree.get(target) else { return };
        match &node.kind {
            Kind::Conversation(_) => self.show_leg(target),
            Kind::Interaction(_) => {
                for child in self.legs_primary_first(target) {
                    self.show_leg(&child);
                }
            }
            Kind::Session | Kind::Group | Kind::Channel(_) => {}
        }
    }

    fn show_leg(&mut self, target: &CompactString) {
        if !self.is_up() {
            return;
        }
        let Some(leg) = self.leg(target) else { return };
        let events = leg.steps();
        let begun_from = leg.origin.clone().filter(|_| leg.conversation.shown.is_none());
        begun_from.iter().for_each(|from| self.take_handover(from));
        if let Some(conversation) = self.tree.conversation_mut(target) {
            conversation.shown = Some(conversation.state);
        }
        events.into_iter().for_each(|event| self.report(event));
    }

    /// A ready conversation in a ready interaction.
    fn leg(&self, target: &CompactString) -> Option<Leg<'_>> {
        let node = self.tree.get(target).filter(|node| node.stage == Stage::Ready)?;
        let parent = node.parent.as_ref()?;
        self.tree.get(parent).filter(|parent| parent.stage == Stage::Ready)?;
        let interaction = self.tree.interaction(parent)?;
        let primary = interaction.primary.as_ref().and_then(|native| self.tree.child(parent, native));
        let primary = primary.filter(|primary| *primary != target);
        let linked = primary.and_then(|primary| Some(self.tree.conversation(primary)?.call.clone()));
        let conversation = self.tree.conversation(target)?;
        let mut leg = Leg { conversation, interaction, linked, origin: None };
        if !leg.phone_dialed() {
            leg.origin = self.origin(conversation);
        }
        Some(leg)
    }

    /// The conversations of an interaction, the primary leg first.
    fn legs_primary_first(&self, interaction: &CompactString) -> Vec<CompactString> {
        let primary = self.tree.interaction(interaction).and_then(|known| known.primary.as_ref());
        let primary = primary.and_then(|native| self.tree.child(interaction, native)).cloned();
        let mut legs = self.tree.children(interaction);
        legs.sort_by_key(|leg| Some(leg) != primary.as_ref());
        legs
    }

    /// Ends the calls of an interaction that has ended.
    pub(super) fn end_legs(&mut self, interaction: &CompactString) {
        for target in self.tree.children(interaction) {
            if let Some(conversation) = self.tree.conversation_mut(&target) {
                conversation.state = ConversationState::Ended;
            }
            self.show_leg(&target);
        }
    }

    /// Ends the calls within an object that is removed. If it is the primary leg, the consult becomes the primary leg.
    pub(super) fn end_calls(&mut self, target: &CompactString) {
        for child in self.tree.children(target) {
            self.end_calls(&child);
        }
        let Some(conversation) = self.tree.conversation_mut(target) else { return };
        conversation.state = ConversationState::Ended;
        self.show_leg(target);
        let Some(parent) = self.tree.parent(target).cloned() else { return };
        let others = self.legs_primary_first(&parent).into_iter().filter(|other| other != target);
        let native = others.filter_map(|other| Some(self.tree.get(&other)?.native.clone())).next();
        if let Some(interaction) = self.tree.interaction_mut(&parent) {
            interaction.primary = native;
        }
    }

    /// Schedules a report of all calls.
    pub(super) fn schedule_resync(&mut self) {
        let at = self.out.now().max(self.resynced_at + RESYNC_PAUSE);
        self.resync_at.get_or_insert(at);
    }

    /// Reports the switch features and all calls to the hub.
    pub(super) fn report_all(&mut self) {
        let targets: Vec<CompactString> =
            self.tree.conversations().map(|(target, _)| target.clone()).collect();
        let calls = targets.iter().filter_map(|target| self.leg(target)?.picture()).collect();
        for target in targets {
            let is_shown = self.leg(&target).is_some();
            if let Some(conversation) = self.tree.conversation_mut(&target).filter(|_| is_shown) {
                conversation.shown = Some(conversation.state);
            }
        }
        (self.resync_at, self.resynced_at) = (None, self.out.now());
        let features = self.features();
        self.report(SwitchEvent::LinkUp { features, calls });
    }

    fn features(&self) -> Vec<SwitchFeature> {
        let always = [SwitchFeature::AnswerCall, SwitchFeature::ClearConnection];
        let can = self.capabilities.iter().flat_map(|capabilities| &capabilities.can);
        always.into_iter().chain(can.filter_map(|capability| feature(*capability))).collect()
    }
}

fn feature(capability: Capability) -> Option<SwitchFeature> {
    match capability {
        Capability::Dial => Some(SwitchFeature::MakeCall),
        Capability::Consult => Some(SwitchFeature::ConsultationCall),
        Capability::ConsultTransfer => Some(SwitchFeature::TransferCall),
        Capability::ConsultConference => Some(SwitchFeature::ConferenceCall),
        Capability::Alternate => Some(SwitchFeature::AlternateCall),
        Capability::BlindTransfer => Some(SwitchFeature::SingleStepTransfer),
        Capability::Dtmf => Some(SwitchFeature::GenerateDigits),
        Capability::Hold => Some(SwitchFeature::HoldCall),
        Capability::BlindConference
        | Capability::Ready
        | Capability::NotReadyReasons
        | Capability::InteractionData
        | Capability::ModifyInteractionData
        | Capability::Chat
        | Capability::Email
        | Capability::Callback => None,
    }
}

/// Another party of a call.
pub(super) fn party(member: &Member) -> Party {
    let at = match Number::new(&member.id) {
        Ok(number) => PartyKind::Outside(number),
        Err(_) => PartyKind::Withheld,
    };
    let unreadable = Some(member.id.clone()).filter(|id| at == PartyKind::Withheld && !id.is_empty());
    Party { at, name: member.name.clone().or(unreadable) }
}

impl Leg<'_> {
    fn phone(&self) -> PartyKind {
        PartyKind::Device(self.conversation.device.clone())
    }

    fn remote(&self) -> Party {
        self.conversation.members.first().map_or_else(|| Party::new(PartyKind::Withheld), party)
    }

    /// Whether the phone dialed. A ringing call was dialed by others, and a consult always by the phone.
    fn phone_dialed(&self) -> bool {
        match (self.conversation.state, self.conversation.direction) {
            (ConversationState::Alerting, _) => false,
            (ConversationState::Dialing, _) | (_, Some(Direction::Outbound)) => true,
            (_, Some(Direction::Inbound)) => false,
            (_, Some(Direction::Internal) | None) => self.linked.is_some(),
        }
    }

    /// The switch events between the last reported state and the current state.
    fn steps(&self) -> Vec<SwitchEvent> {
        use ConversationState as S;
        let (call, device) = (self.conversation.call.clone(), self.conversation.device.clone());
        let state = self.conversation.state;
        match (self.conversation.shown, state) {
            (None, S::Ended) => Vec::new(),
            (None, S::Alerting | S::Dialing) => vec![self.begin()],
            (None, S::Talking) => vec![self.begin(), self.pick_up()],
            (None, S::Held) => vec![self.begin(), self.pick_up(), SwitchEvent::Held { call, device }],
            (Some(S::Alerting | S::Dialing), S::Talking) => vec![self.pick_up()],
            (Some(S::Alerting | S::Dialing), S::Held) => {
                vec![self.pick_up(), SwitchEvent::Held { call, device }]
            }
            (Some(S::Talking), S::Held) => vec![SwitchEvent::Held { call, device }],
            (Some(S::Held), S::Talking) => vec![SwitchEvent::Retrieved { call, device }],
            (Some(S::Ended), _) => Vec::new(),
            (Some(shown), S::Ended) => self.end(shown),
            (Some(S::Alerting | S::Dialing | S::Talking | S::Held), S::Alerting | S::Dialing)
            | (Some(S::Talking), S::Talking)
            | (Some(S::Held), S::Held) => Vec::new(),
        }
    }

    fn begin(&self) -> SwitchEvent {
        let call = self.conversation.call.clone();
        let data = self.data();
        if self.phone_dialed() {
            let (device, to, linked) = (self.conversation.device.clone(), self.remote(), self.linked.clone());
            return SwitchEvent::Originated { call, device, to, linked, data };
        }
        SwitchEvent::Delivered(Delivery {
            call,
            at: self.phone(),
            caller: self.remote(),
            dialled: dialled(&self.conversation.device),
            queue: None,
            linked: self.origin.clone(),
            data,
        })
    }

    /// The data of the call. A consult has none: its data belongs to the interaction.
    fn data(&self) -> Data {
        if self.linked.is_some() { Data::new() } else { self.interaction.data.clone() }
    }

    fn pick_up(&self) -> SwitchEvent {
        let at = if self.phone_dialed_before() { self.remote().at } else { self.phone() };
        SwitchEvent::Established { call: self.conversation.call.clone(), at }
    }

    fn phone_dialed_before(&self) -> bool {
        match self.conversation.shown {
            Some(ConversationState::Alerting) => false,
            Some(ConversationState::Dialing) => true,
            Some(ConversationState::Talking | ConversationState::Held | ConversationState::Ended) | None => {
                self.phone_dialed()
            }
        }
    }

    /// The events for the end of a call. The protocol does not say who hung up. If the agent did not, the other parties did and are cleared first.
    fn end(&self, shown: ConversationState) -> Vec<SwitchEvent> {
        let (call, device) = (self.conversation.call.clone(), self.conversation.device.clone());
        let out = |at, cause| SwitchEvent::ConnectionCleared { call: call.clone(), at, cause };
        match (shown, self.conversation.leaving) {
            (ConversationState::Alerting, true) => vec![out(self.phone(), Cause::Rejected)],
            (_, true) => vec![out(self.phone(), Cause::Normal)],
            (ConversationState::Dialing, false) => {
                vec![SwitchEvent::Failed { call, device, cause: Cause::NoAnswer }]
            }
            (ConversationState::Alerting, false) => {
                vec![out(self.remote().at, Cause::Abandoned), out(self.phone(), Cause::Abandoned)]
            }
            (ConversationState::Talking | ConversationState::Held | ConversationState::Ended, false) => {
                vec![out(self.remote().at, Cause::Normal), out(self.phone(), Cause::Normal)]
            }
        }
    }

    /// The complete state of the call; `None` if it has ended.
    fn picture(&self) -> Option<CallPicture> {
        let (own, others) = match self.conversation.state {
            ConversationState::Alerting => (ConnectionState::Alerting, ConnectionState::Connected),
            ConversationState::Dialing => (ConnectionState::Initiated, ConnectionState::Alerting),
            ConversationState::Talking => (ConnectionState::Connected, ConnectionState::Connected),
            ConversationState::Held => (ConnectionState::Held, ConnectionState::Connected),
            ConversationState::Ended => return None,
        };
        let phone = Party::new(self.phone());
        let mut connections = vec![ConnectionPicture { party: phone.clone(), state: own }];
        let members = self.conversation.members.iter().map(party);
        connections.extend(members.map(|party| ConnectionPicture { party, state: others }));
        if connections.len() == 1 {
            connections.push(ConnectionPicture { party: self.remote(), state: others });
        }
        let phone_dialed = self.phone_dialed();
        let to_number = |party: &Party| party.at.number().and_then(|text| Number::new(text).ok());
        Some(CallPicture {
            call: self.conversation.call.clone(),
            queue: None,
            caller: if phone_dialed { phone } else { self.remote() },
            dialled: to_number(&self.remote())
                .filter(|_| phone_dialed)
                .unwrap_or_else(|| dialled(&self.conversation.device)),
            linked: self.linked.clone().or_else(|| self.origin.clone()),
            data: self.data(),
            connections,
        })
    }
}

/// The dialed number. The protocol does not report it, so the phone's own number is used.
fn dialled(device: &DeviceId) -> Number {
    Number::new(device.as_str())
        .unwrap_or_else(|_| unreachable!("phones whose names cannot be dialed get no session"))
}
