//! What the bridge asks of an interaction and of a conversation.

use compact_str::CompactString;
use model::{
    ConversationId, ConversationState as Talk, Data, Digits, DispositionCode, Interaction, InteractionId,
    Leg, Number, Verb,
};
use serde_json::Value;

use super::{Asked, Said, Telephony, UNKNOWN, UNSUPPORTED};
use crate::{
    telephony::{
        objects::{Kind, ToldLeg},
        requests::Effect,
        sync::Seen,
    },
    wire::{
        ConversationAsk, Create, InteractionAsk, Object, flatten,
        reply::{ConversationEntries, ConversationEntry, ConversationInit, InteractionData, InteractionInit},
        words::{ConversationState, Direction},
    },
};

/// What is said where a consult is needed and there is none (harmony.md §11.2).
const NO_CONSULT: &str = "no consult conversation";

impl Telephony {
    pub(super) fn interaction(&mut self, asked: &Asked, id: InteractionId, ask: InteractionAsk) -> Said {
        match ask {
            InteractionAsk::Init => self.init_interaction(&asked.target, id),
            InteractionAsk::Data => {
                let data = Seen::of(Some(self.work(id)?)).data;
                Ok(Some(InteractionData { data }.print(&self.words)))
            }
            InteractionAsk::CreateConversation(create) => {
                self.create_conversation(&asked.target, id, &create)
            }
            InteractionAsk::Dispose => self.dispose(asked),
            InteractionAsk::Accept => self.verb(asked, id, Verb::Answer),
            InteractionAsk::Reject => self.verb(asked, id, Verb::Reject),
            InteractionAsk::Complete { disposition } => {
                let disposition =
                    disposition.map(DispositionCode::new).transpose().map_err(|error| error.to_string())?;
                self.verb(asked, id, Verb::Complete { disposition, notes: None })
            }
            InteractionAsk::SetData(data) => {
                let (set, unset) =
                    flatten(&data).map_err(|expected| format!("the data is not {expected}"))?;
                let unset = unset.into_iter().map(CompactString::from).collect();
                self.verb(asked, id, Verb::SetData { set, unset })
            }
            InteractionAsk::Consult { to } => {
                let to = Number::new(to).map_err(|error| error.to_string())?;
                self.command(asked, Some(id), Verb::Consult { to, data: Data::new() }, Effect::Consult(id))
            }
            InteractionAsk::ConsultTransfer => {
                self.consulted(id)?;
                self.verb(asked, id, Verb::CompleteTransfer)
            }
            InteractionAsk::ConsultConference => {
                self.consulted(id)?;
                self.verb(asked, id, Verb::Merge)
            }
            InteractionAsk::Alternate => {
                let verb = alternate(self.consulted(id)?);
                self.verb(asked, id, verb)
            }
        }
    }

    fn init_interaction(&mut self, target: &CompactString, id: InteractionId) -> Said {
        let seen = Seen::of(self.projection.work(id));
        let object = self.objects.get_mut(target).ok_or(UNKNOWN)?;
        let Kind::Interaction(told) = &mut object.kind else { return Err(UNKNOWN.to_owned()) };
        object.ready = true;
        let mut entries = seen.legs.iter().map(|leg| ConversationEntry { id: leg.id.to_string().into() });
        let conversations = ConversationEntries { primary: entries.next(), consult: entries.next() };
        told.state = seen.state;
        told.legs = seen.legs.iter().map(|leg| leg.id).collect();
        told.data = seen.data.clone();
        let init = InteractionInit { state: seen.state, data: seen.data, conversations };
        Ok(Some(init.print(&self.words)))
    }

    fn create_conversation(
        &mut self,
        target: &CompactString,
        interaction: InteractionId,
        create: &Create,
    ) -> Said {
        let seen = Seen::of(self.projection.work(interaction));
        let leg = seen.legs.iter().find(|leg| leg.id.to_string() == create.native.as_str());
        let leg = leg.ok_or_else(|| format!("there is no conversation {}", create.native))?;
        let told = ToldLeg { interaction, id: leg.id, state: leg.state, members: leg.members.clone() };
        self.objects.put(target, create, Kind::Conversation(told));
        Ok(Some(Value::Null))
    }

    pub(super) fn conversation(
        &mut self,
        asked: &Asked,
        interaction: InteractionId,
        id: ConversationId,
        ask: ConversationAsk,
    ) -> Said {
        match ask {
            ConversationAsk::Init => return self.init_conversation(&asked.target, interaction, id),
            ConversationAsk::Dispose => return self.dispose(asked),
            ConversationAsk::BlindConference { .. } => return Err(UNSUPPORTED.to_owned()),
            ConversationAsk::Answer
            | ConversationAsk::Release
            | ConversationAsk::Hold
            | ConversationAsk::Retrieve
            | ConversationAsk::BlindTransfer { .. }
            | ConversationAsk::SendDtmf { .. } => {}
        }
        let work = self.work(interaction)?;
        let leg = work.conversations().find(|(_, conversation)| conversation.id == id);
        let (leg, conversation) = leg.ok_or("invalid state: the conversation has ended")?;
        let state = conversation.state;
        let verb = steer(ask, leg, state)?;
        self.verb(asked, interaction, verb)
    }

    fn init_conversation(
        &mut self,
        target: &CompactString,
        interaction: InteractionId,
        id: ConversationId,
    ) -> Said {
        let work = self.projection.work(interaction);
        let leg = Seen::of(work).legs.into_iter().find(|leg| leg.id == id);
        let (state, members) = match leg {
            Some(leg) => (leg.state, leg.members),
            None => (ConversationState::Ended, Vec::new()),
        };
        let object = self.objects.get_mut(target).ok_or(UNKNOWN)?;
        let Kind::Conversation(told) = &mut object.kind else { return Err(UNKNOWN.to_owned()) };
        object.ready = true;
        (told.state, told.members) = (state, members.clone());
        let direction = work.map(|work| direction(work, id));
        Ok(Some(ConversationInit { state, direction, members }.print(&self.words)))
    }

    fn verb(&mut self, asked: &Asked, id: InteractionId, verb: Verb) -> Said {
        self.command(asked, Some(id), verb, Effect::None)
    }

    fn work(&self, id: InteractionId) -> Result<&Interaction, String> {
        self.projection.work(id).ok_or_else(|| "invalid state: the interaction is completed".to_owned())
    }

    fn consulted(&self, id: InteractionId) -> Result<&Interaction, String> {
        Ok(self.work(id).ok().filter(|work| work.consult.is_some()).ok_or(NO_CONSULT)?)
    }
}

/// With both legs on hold, the one that did not talk last is taken back (harmony.md §11.2).
fn alternate(work: &Interaction) -> Verb {
    let talks = work.conversations().any(|(_, conversation)| conversation.state == Talk::Talking);
    if talks {
        return Verb::Alternate;
    }
    let leg = match work.active() {
        Some(Leg::Consult) => Leg::Primary,
        Some(Leg::Primary) | None => Leg::Consult,
    };
    Verb::Resume { leg: Some(leg) }
}

fn steer(ask: ConversationAsk, leg: Leg, state: Talk) -> Result<Verb, String> {
    Ok(match ask {
        ConversationAsk::Answer => Verb::Answer,
        ConversationAsk::Release if state == Talk::Alerting => Verb::Reject,
        ConversationAsk::Release => Verb::HangUp { leg: Some(leg) },
        ConversationAsk::Hold => Verb::Hold { leg: Some(leg) },
        ConversationAsk::Retrieve => Verb::Resume { leg: Some(leg) },
        ConversationAsk::BlindTransfer { to } if leg == Leg::Primary => {
            Verb::Transfer { to: Number::new(to).map_err(|error| error.to_string())? }
        }
        ConversationAsk::SendDtmf { digits } => {
            Verb::SendDigits { digits: Digits::new(digits.reveal()).map_err(|error| error.to_string())? }
        }
        ConversationAsk::Init
        | ConversationAsk::Dispose
        | ConversationAsk::BlindConference { .. }
        | ConversationAsk::BlindTransfer { .. } => return Err(UNSUPPORTED.to_owned()),
    })
}

/// Who began: a consult is always dialled by the agent.
fn direction(work: &Interaction, id: ConversationId) -> Direction {
    let is_consult = work.consult.as_ref().is_some_and(|consult| consult.id == id);
    match work.direction {
        _ if is_consult => Direction::Outbound,
        model::Direction::Inbound => Direction::Inbound,
        model::Direction::Outbound => Direction::Outbound,
        model::Direction::Internal => Direction::Internal,
    }
}
