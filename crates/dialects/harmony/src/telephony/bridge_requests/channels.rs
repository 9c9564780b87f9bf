//! Queries and requests for a channel.

use std::collections::BTreeSet;

use compact_str::{CompactString, ToCompactString};
use model::{Data, DeviceId, InteractionId, Number, ReasonCode, ReasonUse, Verb};
use serde_json::Value;

use super::{RequestHeader, RequestOutcome, RequestOwner, TelephonySession, UNKNOWN, UNSUPPORTED};
use crate::{
    telephony::{
        agents,
        objects::{Channel, Kind, ReportedInteraction},
        requests::Effect,
        sync::CurrentInteraction,
    },
    wire::{
        ChannelRequest, Create, Object,
        reply::{ChannelInit, InteractionEntry, ReasonEntry},
        words::{InteractionState, LoginState, MediaType},
    },
};

impl TelephonySession {
    /// Creates a channel. It is unsupported if its type is not telephony or its phone's name is invalid (harmony.md §9.3).
    pub(super) fn create_channel(
        &mut self,
        target: &CompactString,
        create: &Create,
        kind: &str,
    ) -> RequestOutcome {
        let group = self.group_at(target)?;
        let listed = group.channels.iter().any(|entry| entry.end_point == create.native);
        if !listed {
            return Err(format!("channel group {} does not have this channel", group.native));
        }
        let is_telephony = self.words.find(kind) == Some(MediaType::Telephony);
        let device = DeviceId::new(&create.native).ok().filter(|_| is_telephony);
        let (login, agent, reported) = (LoginState::Inactive, None, BTreeSet::new());
        self.objects.put(target, create, Kind::Channel(Channel { device, login, agent, reported }));
        Ok(Some(Value::Null))
    }

    pub(super) fn channel(&mut self, header: &RequestHeader, request: ChannelRequest) -> RequestOutcome {
        let device = self.channel_at(&header.target)?.device.clone();
        let Some(device) = device else {
            return match request {
                ChannelRequest::Init => self.init_unsupported(&header.target),
                ChannelRequest::Dispose => self.dispose(header),
                ChannelRequest::Activate
                | ChannelRequest::Deactivate { .. }
                | ChannelRequest::Ready
                | ChannelRequest::NotReady { .. }
                | ChannelRequest::CreateInteraction { .. }
                | ChannelRequest::Dial { .. } => Err(UNSUPPORTED.to_owned()),
            };
        };
        match request {
            ChannelRequest::Init => self.init_channel(header, &device),
            ChannelRequest::Activate => {
                let verb = Verb::SignIn { device: Some(device), queues: None };
                self.command(header, None, verb, Effect::None)
            }
            ChannelRequest::Deactivate { reason } => {
                let verb = Verb::SignOut { reason: code(reason)? };
                self.command(header, None, verb, Effect::None)
            }
            ChannelRequest::Ready => self.command(header, None, Verb::Ready, Effect::None),
            ChannelRequest::NotReady { reason } => {
                let verb = Verb::NotReady { reason: code(reason)? };
                self.command(header, None, verb, Effect::None)
            }
            ChannelRequest::CreateInteraction { create, kind: _ } => self.create_interaction(header, &create),
            ChannelRequest::Dial { to } => {
                let to = Number::new(to).map_err(|error| error.to_string())?;
                self.command(header, None, Verb::Dial { to, data: Data::new() }, Effect::Dial)
            }
            ChannelRequest::Dispose => self.dispose(header),
        }
    }

    fn channel_at(&mut self, target: &str) -> Result<&mut Channel, String> {
        match self.objects.get_mut(target).map(|object| &mut object.kind) {
            Some(Kind::Channel(channel)) => Ok(channel),
            Some(Kind::Session(_) | Kind::Group(_) | Kind::Interaction(_) | Kind::Conversation(_)) | None => {
                Err(UNKNOWN.to_owned())
            }
        }
    }

    fn init_unsupported(&mut self, target: &CompactString) -> RequestOutcome {
        let object = self.objects.get_mut(target).ok_or(UNKNOWN)?;
        object.ready = true;
        let (reasons, interactions) = (Vec::new(), Vec::new());
        let init = ChannelInit { login: LoginState::Inactive, agent: None, reasons, interactions };
        Ok(Some(init.print(&self.words)))
    }

    fn init_channel(&mut self, header: &RequestHeader, device: &DeviceId) -> RequestOutcome {
        let RequestOwner { agent, .. } = self.owner(header)?;
        let login = agents::login(&self.projection, &agent, device);
        let is_active = login == LoginState::Active;
        let interactions =
            self.projection.calls(&agent).filter(|interaction| is_active && interaction.device == *device);
        let reported: BTreeSet<InteractionId> = interactions.map(|interaction| interaction.id).collect();
        let kind: CompactString = self.words.text(MediaType::Telephony).into();
        let entry = |id: &InteractionId| InteractionEntry { id: id.to_compact_string(), kind: kind.clone() };
        let reasons = self.projection.floor.reasons.iter();
        let reasons = reasons.filter(|reason| reason.used_for == ReasonUse::NotReady);
        let init = ChannelInit {
            login,
            agent: is_active.then(|| agents::availability(&self.projection, &agent)),
            reasons: reasons
                .map(|reason| ReasonEntry { code: reason.code.as_str().into(), name: reason.name.clone() })
                .collect(),
            interactions: reported.iter().map(entry).collect(),
        };
        let channel = self.channel_at(&header.target)?;
        (channel.login, channel.agent, channel.reported) = (login, init.agent.clone(), reported);
        if let Some(object) = self.objects.get_mut(&header.target) {
            object.ready = true;
        }
        Ok(Some(init.print(&self.words)))
    }

    fn create_interaction(&mut self, header: &RequestHeader, create: &Create) -> RequestOutcome {
        let RequestOwner { agent, .. } = self.owner(header)?;
        let id: Option<InteractionId> = create.native.parse().ok();
        let interaction = id
            .and_then(|id| self.projection.interaction(id))
            .filter(|interaction| interaction.agent == agent);
        let Some(interaction) = interaction.filter(|interaction| interaction.switch.is_some()) else {
            if let (Some(id), Ok(channel)) = (id, self.channel_at(&header.target)) {
                channel.reported.remove(&id);
            }
            return Err(format!("interaction {} is not known", create.native));
        };
        let id = interaction.id;
        let seen = CurrentInteraction::of(Some(interaction));
        let reported = ReportedInteraction {
            id,
            state: InteractionState::Alerting,
            data: seen.data,
            legs: BTreeSet::new(),
        };
        self.channel_at(&header.target)?.reported.insert(id);
        self.objects.put(&header.target, create, Kind::Interaction(reported));
        Ok(Some(Value::Null))
    }
}

fn code(reason: Option<CompactString>) -> Result<Option<ReasonCode>, String> {
    reason.map(ReasonCode::new).transpose().map_err(|error| error.to_string())
}
