//! The switch services, as requests to the client.

use compact_str::CompactString;
use model::{
    CallId, Data, DeviceId, Number, Party, PartyKind, RequestId, Secret, SwitchEvent, SwitchRequest, Tones,
};
use serde_json::Value;

use super::{DeskSession, calls::party, sent_requests::Purpose};
use crate::wire::{
    BridgeRequest, ChannelRequest, ConversationRequest, InteractionRequest,
    reply::Native,
    words::{ConversationState, LoginState},
};

/// What a request to the client does, and the event for the hub after success.
#[derive(Debug, Clone)]
pub(super) enum Service {
    /// No report: events follow.
    Plain,
    /// Hang up a leg.
    Release(CompactString),
    /// Start a consult.
    Consult(CompactString),
    /// Connect two legs without the agent.
    Transfer { primary: CompactString, consult: CompactString },
    /// Connect two legs and the agent.
    Conference { primary: CompactString, consult: CompactString },
    /// Transfer a leg to a number.
    Forward { leg: CompactString, to: Number },
}

/// Why a request was not sent to the client.
pub(super) struct Refusal(pub(super) String);

impl DeskSession {
    pub(super) fn serve(&mut self, request: RequestId, requested: SwitchRequest) -> Result<(), Refusal> {
        match requested {
            SwitchRequest::MakeCall { device, to, data } => self.dial(request, &device, &to, data),
            SwitchRequest::AnswerCall { call, .. } => {
                self.on_leg(request, &call, ConversationRequest::Answer)
            }
            SwitchRequest::ClearConnection { call, .. } => self.clear(request, &call),
            SwitchRequest::HoldCall { call, .. } => self.on_leg(request, &call, ConversationRequest::Hold),
            SwitchRequest::RetrieveCall { call, .. } => self.retrieve(request, call),
            SwitchRequest::ConsultationCall { call, to, .. } => {
                let interaction = self.interaction_of(&call)?;
                let bridge_request = InteractionRequest::Consult { to: to.as_str().into() };
                self.on_interaction(
                    request,
                    &interaction,
                    bridge_request,
                    Service::Consult(interaction.clone()),
                )
            }
            SwitchRequest::AlternateCall { active, .. } => {
                let interaction = self.interaction_of(&active)?;
                self.on_interaction(request, &interaction, InteractionRequest::Alternate, Service::Plain)
            }
            SwitchRequest::TransferCall { primary, consult, .. } => {
                let interaction = self.interaction_of(&primary)?;
                let (primary, consult) = (self.leg_of(&primary)?, self.leg_of(&consult)?);
                self.note_early_transfer(request, &primary, &consult);
                let service = Service::Transfer { primary, consult };
                self.on_interaction(request, &interaction, InteractionRequest::ConsultTransfer, service)
            }
            SwitchRequest::ConferenceCall { primary, consult, .. } => {
                let interaction = self.interaction_of(&primary)?;
                let (primary, consult) = (self.leg_of(&primary)?, self.leg_of(&consult)?);
                let service = Service::Conference { primary, consult };
                self.on_interaction(request, &interaction, InteractionRequest::ConsultConference, service)
            }
            SwitchRequest::SingleStepTransfer { call, to, .. } => {
                let leg = self.leg_of(&call)?;
                self.note_handover(request, &leg, to.as_str());
                let bridge_request = ConversationRequest::BlindTransfer { to: to.as_str().into() };
                let service = Service::Forward { leg: leg.clone(), to };
                self.request(
                    &leg,
                    &BridgeRequest::Conversation(bridge_request),
                    Purpose::Service(request, service),
                );
                Ok(())
            }
            SwitchRequest::GenerateDigits { call, tones, .. } => self.send_digits(request, &call, &tones),
            SwitchRequest::DeflectCall { .. }
            | SwitchRequest::SetMute { .. }
            | SwitchRequest::StartRecording { .. }
            | SwitchRequest::PauseRecording { .. }
            | SwitchRequest::ResumeRecording { .. }
            | SwitchRequest::Snapshot => {
                Err(Refusal("the Harmony protocol does not support this request".to_owned()))
            }
        }
    }

    fn dial(
        &mut self,
        request: RequestId,
        device: &DeviceId,
        to: &Number,
        data: Data,
    ) -> Result<(), Refusal> {
        let nobody = || Refusal(format!("no agent is logged in at phone {device}"));
        let session = self.agents.at(device.as_str()).and_then(|(_, agent)| agent.state.session());
        let target = session.and_then(|session| self.tree.channel_of(session)).cloned().ok_or_else(nobody)?;
        let channel = self.tree.channel_mut(&target).ok_or_else(nobody)?;
        if channel.login != LoginState::Active {
            return Err(nobody());
        }
        channel.dialled = Some(data).filter(|data| !data.is_empty());
        let bridge_request = BridgeRequest::Channel(ChannelRequest::Dial { to: to.as_str().into() });
        self.request(&target, &bridge_request, Purpose::Service(request, Service::Plain));
        Ok(())
    }

    fn clear(&mut self, request: RequestId, call: &CallId) -> Result<(), Refusal> {
        let leg = self.leg_of(call)?;
        let Some(conversation) = self.tree.conversation_mut(&leg) else { return Ok(()) };
        conversation.leaving = true;
        if conversation.state != ConversationState::Alerting {
            let bridge_request = BridgeRequest::Conversation(ConversationRequest::Release);
            self.request(&leg, &bridge_request, Purpose::Service(request, Service::Release(leg.clone())));
            return Ok(());
        }
        let interaction = self.interaction_of(call)?;
        self.on_interaction(request, &interaction, InteractionRequest::Reject, Service::Plain)
    }

    /// Retrieves a call. A phone talks on one leg at a time, so it waits for the end of another leg that is being hung up.
    fn retrieve(&mut self, request: RequestId, call: CallId) -> Result<(), Refusal> {
        let leg = self.leg_of(&call)?;
        if !self.other_leg_leaves(&leg) {
            return self.on_leg(request, &call, ConversationRequest::Retrieve);
        }
        self.postpone(request, call);
        Ok(())
    }

    fn other_leg_leaves(&self, leg: &CompactString) -> bool {
        let legs = self.tree.parent(leg).map(|interaction| self.tree.children(interaction));
        let others = legs.unwrap_or_default().into_iter().filter(|other| other != leg);
        let mut others = others.filter_map(|other| self.tree.conversation(&other));
        others.any(|other| other.leaving && other.state != ConversationState::Ended)
    }

    /// Retrieves postponed calls whose other leg has ended.
    pub(super) fn retrieve_postponed(&mut self) {
        for (request, call) in self.take_postponed() {
            if let Err(Refusal(text)) = self.retrieve(request, call) {
                self.refuse(request, &text);
            }
        }
    }

    fn send_digits(&mut self, request: RequestId, call: &CallId, tones: &Tones) -> Result<(), Refusal> {
        let Some(digits) = tones.digits() else {
            return Err(Refusal("the digits are no longer available".to_owned()));
        };
        self.on_leg(request, call, ConversationRequest::SendDtmf { digits: Secret::new(digits.as_str()) })
    }

    fn on_leg(
        &mut self,
        request: RequestId,
        call: &CallId,
        bridge_request: ConversationRequest,
    ) -> Result<(), Refusal> {
        let leg = self.leg_of(call)?;
        self.request(
            &leg,
            &BridgeRequest::Conversation(bridge_request),
            Purpose::Service(request, Service::Plain),
        );
        Ok(())
    }

    fn on_interaction(
        &mut self,
        request: RequestId,
        target: &CompactString,
        bridge_request: InteractionRequest,
        service: Service,
    ) -> Result<(), Refusal> {
        self.request(target, &BridgeRequest::Interaction(bridge_request), Purpose::Service(request, service));
        Ok(())
    }

    fn leg_of(&self, call: &CallId) -> Result<CompactString, Refusal> {
        let unknown = || Refusal(format!("the client does not know call {call}"));
        self.tree.of_call(call).cloned().ok_or_else(unknown)
    }

    fn interaction_of(&self, call: &CallId) -> Result<CompactString, Refusal> {
        let leg = self.leg_of(call)?;
        self.tree.parent(&leg).cloned().ok_or_else(|| Refusal(format!("call {call} has no interaction")))
    }

    /// Handles the client's response.
    pub(super) fn served(&mut self, request: RequestId, service: Service, result: Result<Value, String>) {
        let body = match result {
            Ok(body) => body,
            Err(text) => {
                if let Service::Release(leg) = service {
                    self.hang_up_failed(&leg);
                }
                self.handovers.refuse(request);
                return self.refuse(request, &text);
            }
        };
        let call = match service {
            Service::Plain | Service::Release(_) => None,
            Service::Consult(interaction) => self.consulted(&interaction, body),
            Service::Transfer { primary, consult } => {
                self.transferred(&primary, &consult);
                None
            }
            Service::Conference { primary, consult } => {
                self.conferenced(&primary, &consult);
                None
            }
            Service::Forward { leg, to } => {
                self.forwarded(&leg, to);
                None
            }
        };
        self.done(request, call);
    }

    /// Adds the conversation of a consult (harmony.md §11.3).
    fn consulted(&mut self, interaction: &CompactString, body: Value) -> Option<CallId> {
        let native = self.read::<Native>(Ok(body)).ok()?.id?;
        self.add_conversation(interaction, &native);
        let leg = self.tree.child(interaction, &native)?;
        Some(self.tree.conversation(leg)?.call.clone())
    }

    /// Notes a transfer to a person who has not answered. Another phone than the consulted one may ring for it.
    fn note_early_transfer(&mut self, request: RequestId, primary: &str, consult: &str) {
        let Some(consulted) = self.tree.conversation(consult) else { return };
        if consulted.state == ConversationState::Dialing
            && let Some(member) = consulted.members.first()
        {
            let to = member.id.clone();
            self.note_handover(request, primary, &to);
        }
    }

    fn transferred(&mut self, primary: &str, consult: &str) {
        let (Some(first), Some(second)) = (self.tree.conversation(primary), self.tree.conversation(consult))
        else {
            return;
        };
        let event = SwitchEvent::Transferred {
            device: first.device.clone(),
            primary: first.call.clone(),
            consult: Some(second.call.clone()),
            into: first.call.clone(),
            parties: first.members.iter().chain(&second.members).map(party).collect(),
        };
        self.mark_ended(primary);
        self.mark_ended(consult);
        self.report(event);
    }

    fn conferenced(&mut self, primary: &str, consult: &str) {
        let Some(second) = self.tree.conversation(consult) else { return };
        let (joined, consult_call) = (second.members.clone(), second.call.clone());
        let Some(first) = self.tree.conversation_mut(primary) else { return };
        let news: Vec<_> = joined.into_iter().filter(|member| !first.members.contains(member)).collect();
        first.members.extend(news);
        first.shown = Some(ConversationState::Talking);
        let own = Party::new(PartyKind::Device(first.device.clone()));
        let event = SwitchEvent::Conferenced {
            device: first.device.clone(),
            primary: first.call.clone(),
            consult: consult_call,
            into: first.call.clone(),
            parties: std::iter::once(own).chain(first.members.iter().map(party)).collect(),
        };
        self.mark_ended(consult);
        self.report(event);
    }

    fn forwarded(&mut self, leg: &str, to: Number) {
        let Some(conversation) = self.tree.conversation(leg) else { return };
        let joined = Party::new(PartyKind::Outside(to));
        let event = SwitchEvent::Transferred {
            device: conversation.device.clone(),
            primary: conversation.call.clone(),
            consult: None,
            into: conversation.call.clone(),
            parties: conversation.members.iter().map(party).chain(std::iter::once(joined)).collect(),
        };
        self.mark_ended(leg);
        self.report(event);
    }

    /// A leg could not be hung up.
    fn hang_up_failed(&mut self, leg: &str) {
        if let Some(conversation) = self.tree.conversation_mut(leg) {
            conversation.leaving = false;
        }
    }

    /// Marks a leg as ended for the hub.
    fn mark_ended(&mut self, leg: &str) {
        if let Some(conversation) = self.tree.conversation_mut(leg) {
            conversation.shown = Some(ConversationState::Ended);
        }
    }
}
