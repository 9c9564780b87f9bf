//! Queries and requests for an interaction and for a conversation.

use compact_str::CompactString;
use model::{
    ConversationId, ConversationState as Talk, Data, Digits, DispositionCode, Interaction, InteractionId,
    Leg, Number, Verb,
};
use serde_json::Value;

use super::{RequestHeader, RequestOutcome, TelephonySession, UNKNOWN, UNSUPPORTED};
use crate::{
    telephony::{
        objects::{Kind, ReportedConversation},
        requests::Effect,
        sync::CurrentInteraction,
    },
    wire::{
        ConversationRequest, Create, FlatData, InteractionRequest, Object, Omitted, flatten,
        reply::{ConversationEntries, ConversationEntry, ConversationInit, InteractionData, InteractionInit},
        words::{ConversationState, Direction},
    },
};

/// The failure if a required consult is missing (harmony.md §11.2).
const NO_CONSULT: &str = "no consult conversation";

impl TelephonySession {
    pub(super) fn interaction(
        &mut self,
        header: &RequestHeader,
        id: InteractionId,
        request: InteractionRequest,
    ) -> RequestOutcome {
        match request {
            InteractionRequest::Init => self.init_interaction(&header.target, id),
            InteractionRequest::Data => {
                let data = CurrentInteraction::of(Some(self.open_interaction(id)?)).data;
                Ok(Some(InteractionData { data }.print(&self.words)))
            }
            InteractionRequest::CreateConversation(create) => {
                self.create_conversation(&header.target, id, &create)
            }
            InteractionRequest::Dispose => self.dispose(header),
            InteractionRequest::Accept => self.verb(header, id, Verb::Answer),
            InteractionRequest::Reject => self.verb(header, id, Verb::Reject),
            InteractionRequest::Complete { disposition } => {
                let disposition =
                    disposition.map(DispositionCode::new).transpose().map_err(|error| error.to_string())?;
                self.verb(header, id, Verb::Complete { disposition, notes: None })
            }
            InteractionRequest::SetData(data) => self.set_data(header, id, &data),
            InteractionRequest::Consult { to } => {
                let to = Number::new(to).map_err(|error| error.to_string())?;
                self.command(header, Some(id), Verb::Consult { to, data: Data::new() }, Effect::Consult(id))
            }
            InteractionRequest::ConsultTransfer => {
                self.consulted(id)?;
                self.verb(header, id, Verb::CompleteTransfer)
            }
            InteractionRequest::ConsultConference => {
                self.consulted(id)?;
                self.verb(header, id, Verb::Merge)
            }
            InteractionRequest::Alternate => {
                let verb = alternate(self.consulted(id)?);
                self.verb(header, id, verb)
            }
        }
    }

    /// Sets the data that the hub can keep. If some of it cannot be kept, the response is a failure that names it (harmony.md §10).
    fn set_data(&mut self, header: &RequestHeader, id: InteractionId, data: &Value) -> RequestOutcome {
        let mut flat = flatten(data).ok_or("the data is not an object")?;
        flat.fit(&self.open_interaction(id)?.data);
        let FlatData { set, unset, omitted } = flat;
        if !omitted.is_empty() && set.is_empty() && unset.is_empty() {
            return Err(nothing_set(&omitted));
        }
        let effect = if omitted.is_empty() { Effect::None } else { Effect::PartOfData(omitted.to_string()) };
        self.command(header, Some(id), Verb::SetData { set, unset }, effect)
    }

    fn init_interaction(&mut self, target: &CompactString, id: InteractionId) -> RequestOutcome {
        let seen = CurrentInteraction::of(self.projection.interaction(id));
        let object = self.objects.get_mut(target).ok_or(UNKNOWN)?;
        let Kind::Interaction(reported) = &mut object.kind else { return Err(UNKNOWN.to_owned()) };
        object.ready = true;
        let mut entries = seen.legs.iter().map(|leg| ConversationEntry { id: leg.id.to_string().into() });
        let conversations = ConversationEntries { primary: entries.next(), consult: entries.next() };
        reported.state = seen.state;
        reported.legs = seen.legs.iter().map(|leg| leg.id).collect();
        reported.data = seen.data.clone();
        let init = InteractionInit { state: seen.state, data: seen.data, conversations };
        Ok(Some(init.print(&self.words)))
    }

    fn create_conversation(
        &mut self,
        target: &CompactString,
        interaction: InteractionId,
        create: &Create,
    ) -> RequestOutcome {
        let seen = CurrentInteraction::of(self.projection.interaction(interaction));
        let leg = seen.legs.iter().find(|leg| leg.id.to_string() == create.native.as_str());
        let leg = leg.ok_or_else(|| format!("conversation {} is not known", create.native))?;
        let reported =
            ReportedConversation { interaction, id: leg.id, state: leg.state, members: leg.members.clone() };
        self.objects.put(target, create, Kind::Conversation(reported));
        Ok(Some(Value::Null))
    }

    pub(super) fn conversation(
        &mut self,
        header: &RequestHeader,
        interaction: InteractionId,
        id: ConversationId,
        request: ConversationRequest,
    ) -> RequestOutcome {
        match request {
            ConversationRequest::Init => return self.init_conversation(&header.target, interaction, id),
            ConversationRequest::Dispose => return self.dispose(header),
            ConversationRequest::BlindConference { to } => return self.invite(header, interaction, id, to),
            ConversationRequest::Answer
            | ConversationRequest::Release
            | ConversationRequest::Hold
            | ConversationRequest::Retrieve
            | ConversationRequest::BlindTransfer { .. }
            | ConversationRequest::SendDtmf { .. } => {}
        }
        let found = self.open_interaction(interaction)?;
        let leg = found.conversations().find(|(_, conversation)| conversation.id == id);
        let (leg, conversation) = leg.ok_or("invalid state: the conversation has ended")?;
        let state = conversation.state;
        let verb = steer(request, leg, state)?;
        self.verb(header, interaction, verb)
    }

    /// Invites a person into the primary conversation: calls the person, and connects everybody when the person answers (harmony.md §12).
    fn invite(
        &mut self,
        header: &RequestHeader,
        interaction: InteractionId,
        id: ConversationId,
        to: CompactString,
    ) -> RequestOutcome {
        let found = self.open_interaction(interaction)?;
        let is_primary = found.primary.as_ref().is_some_and(|primary| primary.id == id);
        if !is_primary || !found.switch.as_ref().is_some_and(|switch| self.switches.invites(switch)) {
            return Err(UNSUPPORTED.to_owned());
        }
        let to = Number::new(to).map_err(|error| error.to_string())?;
        let verb = Verb::Consult { to, data: Data::new() };
        self.command(header, Some(interaction), verb, Effect::Invite(interaction, false))
    }

    fn init_conversation(
        &mut self,
        target: &CompactString,
        interaction: InteractionId,
        id: ConversationId,
    ) -> RequestOutcome {
        let found = self.projection.interaction(interaction);
        let leg = CurrentInteraction::of(found).legs.into_iter().find(|leg| leg.id == id);
        let (state, members) = match leg {
            Some(leg) => (leg.state, leg.members),
            None => (ConversationState::Ended, Vec::new()),
        };
        let object = self.objects.get_mut(target).ok_or(UNKNOWN)?;
        let Kind::Conversation(reported) = &mut object.kind else { return Err(UNKNOWN.to_owned()) };
        object.ready = true;
        (reported.state, reported.members) = (state, members.clone());
        let direction = found.map(|found| direction(found, id));
        Ok(Some(ConversationInit { state, direction, members }.print(&self.words)))
    }

    fn verb(&mut self, header: &RequestHeader, id: InteractionId, verb: Verb) -> RequestOutcome {
        self.command(header, Some(id), verb, Effect::None)
    }

    fn open_interaction(&self, id: InteractionId) -> Result<&Interaction, String> {
        self.projection
            .interaction(id)
            .ok_or_else(|| "invalid state: the interaction is completed".to_owned())
    }

    fn consulted(&self, id: InteractionId) -> Result<&Interaction, String> {
        Ok(self
            .open_interaction(id)
            .ok()
            .filter(|interaction| interaction.consult.is_some())
            .ok_or(NO_CONSULT)?)
    }
}

/// The failure text for data that is set in part.
pub(in crate::telephony) fn part_set(omitted: &str) -> String {
    format!("not set: {omitted}. The other data is set")
}

fn nothing_set(omitted: &Omitted) -> String {
    format!("not set: {omitted}")
}

/// The verb to alternate. With both legs on hold, the leg that did not talk last is resumed (harmony.md §11.2).
fn alternate(interaction: &Interaction) -> Verb {
    let talks = interaction.conversations().any(|(_, conversation)| conversation.state == Talk::Talking);
    if talks {
        return Verb::Alternate;
    }
    let leg = match interaction.active() {
        Some(Leg::Consult) => Leg::Primary,
        Some(Leg::Primary) | None => Leg::Consult,
    };
    Verb::Resume { leg: Some(leg) }
}

fn steer(request: ConversationRequest, leg: Leg, state: Talk) -> Result<Verb, String> {
    Ok(match request {
        ConversationRequest::Answer => Verb::Answer,
        ConversationRequest::Release if state == Talk::Alerting => Verb::Reject,
        ConversationRequest::Release => Verb::HangUp { leg: Some(leg) },
        ConversationRequest::Hold => Verb::Hold { leg: Some(leg) },
        ConversationRequest::Retrieve => Verb::Resume { leg: Some(leg) },
        ConversationRequest::BlindTransfer { to } if leg == Leg::Primary => {
            Verb::Transfer { to: Number::new(to).map_err(|error| error.to_string())? }
        }
        ConversationRequest::SendDtmf { digits } => {
            Verb::SendDigits { digits: Digits::new(digits.reveal()).map_err(|error| error.to_string())? }
        }
        ConversationRequest::Init
        | ConversationRequest::Dispose
        | ConversationRequest::BlindConference { .. }
        | ConversationRequest::BlindTransfer { .. } => return Err(UNSUPPORTED.to_owned()),
    })
}

/// The direction of a conversation. A consult is always dialed by the agent.
fn direction(interaction: &Interaction, id: ConversationId) -> Direction {
    let is_consult = interaction.consult.as_ref().is_some_and(|consult| consult.id == id);
    match interaction.direction {
        _ if is_consult => Direction::Outbound,
        model::Direction::Inbound => Direction::Inbound,
        model::Direction::Outbound => Direction::Outbound,
        model::Direction::Internal => Direction::Internal,
    }
}
