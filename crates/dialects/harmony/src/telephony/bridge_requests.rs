//! Queries and requests of the bridge: answered from the known state, or sent to the hub as commands.

mod channels;
mod interactions;

pub(super) use self::interactions::part_set;

use compact_str::{CompactString, format_compact};
use model::{AgentId, DeviceId, InteractionId, Principal, Verb};
use serde_json::Value;

use super::{
    RequestHeader, TelephonySession,
    objects::{Group, Kind},
    requests::Effect,
};
use crate::wire::{
    Body, BridgeRequest, ControlRequest, Create, GroupRequest, Object, SessionAgent, SessionOptions,
    SessionRequest, Word,
    limits::{CHILDREN_MAX, OPEN_MAX},
    reply::{Agent, Capabilities, ChannelEntry, GroupEntry, GroupInit, Native, SessionInit},
    words::{Capability, MediaType, RequestName, ServerStatus, Status},
};

/// The failure for a request that the object does not support (harmony.md §4).
const UNSUPPORTED: &str = "unsupported request";
/// The failure for a request to an unknown object (harmony.md §4).
const UNKNOWN: &str = "unknown target";
/// The vendor name that the bridge gets.
const VENDOR: &str = "Cordboard";

/// The immediate response to a request; `None` if it follows later.
type RequestOutcome = Result<Option<Value>, String>;

/// The principal and the agent of the session that a request belongs to.
#[derive(Debug, Clone)]
pub(super) struct RequestOwner {
    pub(super) by: Principal,
    pub(super) agent: AgentId,
}

impl TelephonySession {
    /// Handles a query or request. A repeated one gets the same response again.
    pub(super) fn requested(&mut self, header: RequestHeader, body: &Value) {
        if let Some(before) = self.replies.get(&header.id).cloned() {
            return self.send(before);
        }
        let agent = self.objects.session(&header.target).map(|session| session.agent.clone());
        if agent.iter().flat_map(|agent| self.pending(agent)).any(|(_, open)| open.header.id == header.id) {
            return;
        }
        match self.parse_request(&header, body).and_then(|request| self.execute(&header, request)) {
            Ok(Some(body)) => self.respond(header, Ok(body)),
            Ok(None) => {}
            Err(text) => self.respond(header, Err(text)),
        }
        // Changes from before an object's first response are sent right after it.
        agent.iter().for_each(|agent| self.sync(agent));
    }

    fn parse_request(&mut self, header: &RequestHeader, body: &Value) -> Result<BridgeRequest, String> {
        let name = self.words.find::<RequestName>(&header.name);
        let is_control = header.target == self.control;
        if !is_control && self.objects.get(&header.target).is_none() {
            self.bind(header, name).ok_or(UNKNOWN)?;
        }
        let name = name.ok_or(UNSUPPORTED)?;
        let body = Body::new(&self.words, body).map_err(|fault| fault.to_string())?;
        BridgeRequest::read(name, body).map_err(|fault| fault.to_string())
    }

    fn bind(&mut self, header: &RequestHeader, name: Option<RequestName>) -> Option<()> {
        let is_init = name.is_some_and(|name| name.slot().ends_with(".query.init"));
        if is_init { self.objects.bind(&header.target) } else { None }
    }

    fn execute(&mut self, header: &RequestHeader, request: BridgeRequest) -> RequestOutcome {
        if header.target == self.control {
            return match request {
                BridgeRequest::Control(request) => self.control(header, request),
                BridgeRequest::Session(_)
                | BridgeRequest::Group(_)
                | BridgeRequest::Channel(_)
                | BridgeRequest::Interaction(_)
                | BridgeRequest::Conversation(_) => Err(UNSUPPORTED.to_owned()),
            };
        }
        let object = self.objects.get(&header.target).ok_or(UNKNOWN)?;
        match (&object.kind, request) {
            (Kind::Session(_), BridgeRequest::Session(request)) => self.session(header, request),
            (Kind::Group(_), BridgeRequest::Group(request)) => self.group(header, request),
            (Kind::Channel(_), BridgeRequest::Channel(request)) => self.channel(header, request),
            (Kind::Interaction(reported), BridgeRequest::Interaction(request)) => {
                let id = reported.id;
                self.interaction(header, id, request)
            }
            (Kind::Conversation(reported), BridgeRequest::Conversation(request)) => {
                let (interaction, id) = (reported.interaction, reported.id);
                self.conversation(header, interaction, id, request)
            }
            (
                Kind::Session(_)
                | Kind::Group(_)
                | Kind::Channel(_)
                | Kind::Interaction(_)
                | Kind::Conversation(_),
                _,
            ) => Err(UNSUPPORTED.to_owned()),
        }
    }

    fn control(&mut self, header: &RequestHeader, request: ControlRequest) -> RequestOutcome {
        match request {
            ControlRequest::Status => {
                self.respond(header.clone(), Ok(Value::Null));
                self.send_status(Status::Started);
                Ok(None)
            }
            ControlRequest::Capabilities => Ok(Some(self.capabilities().print(&self.words))),
            ControlRequest::ServerStatus(status) => {
                if status == ServerStatus::Shutdown {
                    self.objects.clear();
                }
                Ok(Some(Value::Null))
            }
            ControlRequest::ValidateAgent { agent, password } => {
                self.check(header.clone(), agent, password, None);
                Ok(None)
            }
            ControlRequest::AgentInfo { agent } => self.agent_info(&agent),
            ControlRequest::CreateSession { agent, id, target } => {
                let SessionAgent { id: acd_id, password, extension } = agent;
                let extension =
                    extension.map(DeviceId::new).transpose().map_err(|error| error.to_string())?;
                let create = Create { id, native: acd_id.clone(), target };
                self.check(header.clone(), acd_id, password, Some((create, extension)));
                Ok(None)
            }
        }
    }

    /// The capabilities of this client: all except other media, and a conference only if one of the switches has it.
    fn capabilities(&self) -> Capabilities {
        let is_supported = |capability: Capability| match capability == Capability::BlindConference {
            true => self.switches.invites_somewhere(),
            false => capability.is_telephony(),
        };
        let can = Capability::ALL.iter().copied().filter(|capability| is_supported(*capability)).collect();
        Capabilities { vendor: VENDOR.into(), version: env!("CARGO_PKG_VERSION").into(), can }
    }

    fn agent_info(&self, acd_id: &str) -> RequestOutcome {
        let plan = self
            .projection
            .floor
            .agent_at_acd(acd_id)
            .ok_or_else(|| format!("agent {acd_id} is not known"))?;
        let agent = Agent {
            id: acd_id.into(),
            first_name: Some(plan.name.clone()),
            last_name: None,
            extension: Some(plan.device.as_str().into()),
        };
        Ok(Some(agent.print(&self.words)))
    }

    fn session(&mut self, header: &RequestHeader, request: SessionRequest) -> RequestOutcome {
        match request {
            SessionRequest::Init(options) => self.init_session(&header.target, &options),
            SessionRequest::CreateChannelGroup(create) => self.create_group(&header.target, &create),
            SessionRequest::AddChannelGroup { name, channels } => {
                self.add_group(&header.target, name, channels)
            }
            SessionRequest::RemoveChannelGroup { id } => {
                let target = self.objects.child(&header.target, &id).ok_or("unknown channel group")?;
                self.dispose_and_report(
                    header,
                    &target,
                    crate::wire::Event::Group(crate::wire::GroupEvent::Disposed),
                )
            }
            SessionRequest::Logout { reason } => {
                let RequestOwner { agent, .. } = self.owner(header)?;
                if self.projection.calls(&agent).any(|interaction| interaction.state.is_live()) {
                    return Err("invalid state: the agent has a call".to_owned());
                }
                let reason =
                    reason.map(model::ReasonCode::new).transpose().map_err(|error| error.to_string())?;
                self.command(header, None, Verb::SignOut { reason }, Effect::Logout)
            }
            SessionRequest::Dispose => self.dispose(header),
        }
    }

    /// Answers a session's first query. The session has one group with one channel, the agent's phone: the one where the agent is signed in, or
    /// the one that the bridge names, or the configured one.
    fn init_session(&mut self, target: &CompactString, options: &SessionOptions) -> RequestOutcome {
        let object = self.objects.get_mut(target).ok_or(UNKNOWN)?;
        let Kind::Session(session) = &mut object.kind else { return Err(UNKNOWN.to_owned()) };
        object.ready = true;
        let is_phone =
            |device: &DeviceId| self.projection.floor.agents.iter().any(|plan| plan.device == *device);
        let named = options.name.as_ref().and_then(|name| DeviceId::new(name).ok()).filter(is_phone);
        let own = self.projection.floor.agent(&session.agent).map(|plan| plan.device.clone());
        let seated = self.projection.device(&session.agent).cloned();
        let device = seated.or_else(|| session.extension.clone()).or(named).or(own);
        let device = device.ok_or("the agent is no longer on the floor")?;
        let entry = ChannelEntry {
            end_point: device.as_str().into(),
            kind: self.words.text(MediaType::Telephony).into(),
        };
        let id = format_compact!("group-{}", session.agent);
        let name = options.name.clone().unwrap_or_else(|| "Telephony".into());
        let group = GroupEntry { id, name, channels: vec![entry] };
        session.groups.retain(|known| known.id != group.id);
        session.groups.insert(0, group);
        Ok(Some(SessionInit { groups: session.groups.clone() }.print(&self.words)))
    }

    fn create_group(&mut self, target: &CompactString, create: &Create) -> RequestOutcome {
        let Some(Kind::Session(session)) = self.objects.get(target).map(|object| &object.kind) else {
            return Err(UNKNOWN.to_owned());
        };
        let group = session.groups.iter().find(|group| group.id == create.native);
        let channels = group.ok_or("unknown channel group")?.channels.clone();
        let group = Group { native: create.native.clone(), channels };
        self.objects.put(target, create, Kind::Group(group));
        Ok(Some(Value::Null))
    }

    fn add_group(
        &mut self,
        target: &CompactString,
        name: CompactString,
        channels: Vec<ChannelEntry>,
    ) -> RequestOutcome {
        let id = format_compact!("group-{}", self.out.number());
        let object = self.objects.get_mut(target).ok_or(UNKNOWN)?;
        let Kind::Session(session) = &mut object.kind else { return Err(UNKNOWN.to_owned()) };
        if session.groups.len() >= CHILDREN_MAX || channels.len() > CHILDREN_MAX {
            return Err(format!("a session has at most {CHILDREN_MAX} groups of as many channels"));
        }
        session.groups.push(GroupEntry { id: id.clone(), name, channels });
        Ok(Some(Native { id: Some(id) }.print(&self.words)))
    }

    fn group(&mut self, header: &RequestHeader, request: GroupRequest) -> RequestOutcome {
        match request {
            GroupRequest::Init => {
                let group = self.group_at(&header.target)?;
                let channels = group.channels.clone();
                if let Some(object) = self.objects.get_mut(&header.target) {
                    object.ready = true;
                }
                Ok(Some(GroupInit { channels }.print(&self.words)))
            }
            GroupRequest::CreateChannel { create, kind } => {
                self.create_channel(&header.target, &create, &kind)
            }
            GroupRequest::AddChannel(entry) => {
                let group = self.group_at(&header.target)?;
                if group.channels.len() >= CHILDREN_MAX {
                    return Err(format!("a channel group has at most {CHILDREN_MAX} channels"));
                }
                group.channels.retain(|known| known.end_point != entry.end_point);
                let native = Native { id: Some(entry.end_point.clone()) };
                group.channels.push(entry);
                Ok(Some(native.print(&self.words)))
            }
            GroupRequest::RemoveChannel { id } => {
                let target = self.objects.child(&header.target, &id).ok_or("unknown channel")?;
                let disposed = crate::wire::Event::Channel(crate::wire::ChannelEvent::Disposed);
                self.dispose_and_report(header, &target, disposed)
            }
            GroupRequest::Dispose => self.dispose(header),
        }
    }

    fn group_at(&mut self, target: &str) -> Result<&mut Group, String> {
        match self.objects.get_mut(target).map(|object| &mut object.kind) {
            Some(Kind::Group(group)) => Ok(group),
            Some(Kind::Session(_) | Kind::Channel(_) | Kind::Interaction(_) | Kind::Conversation(_))
            | None => Err(UNKNOWN.to_owned()),
        }
    }

    /// Responds, reports an object as disposed, and removes it.
    fn dispose_and_report(
        &mut self,
        header: &RequestHeader,
        target: &CompactString,
        disposed: crate::wire::Event,
    ) -> RequestOutcome {
        self.respond(header.clone(), Ok(Value::Null));
        if self.objects.get(target).is_some_and(|object| object.ready) {
            self.send_event(target, &disposed);
        }
        self.objects.remove(target);
        Ok(None)
    }

    fn dispose(&mut self, header: &RequestHeader) -> RequestOutcome {
        self.objects.remove(&header.target);
        Ok(Some(Value::Null))
    }

    pub(super) fn owner(&self, header: &RequestHeader) -> Result<RequestOwner, String> {
        let session = self.objects.session(&header.target).ok_or(UNKNOWN)?;
        Ok(RequestOwner { by: session.by.clone(), agent: session.agent.clone() })
    }

    /// Sends a command to the hub. The response follows when the result is known.
    pub(super) fn command(
        &mut self,
        header: &RequestHeader,
        interaction: Option<InteractionId>,
        verb: Verb,
        effect: Effect,
    ) -> RequestOutcome {
        if self.pending.len() >= OPEN_MAX {
            return Err(format!("{OPEN_MAX} requests wait for the hub already"));
        }
        let RequestOwner { by, agent } = self.owner(header)?;
        let id = self.out.command_id("harmony", self.instance);
        self.open(id.clone(), agent.clone(), header.clone(), effect);
        self.out.command(id, by, agent, interaction, verb);
        Ok(None)
    }
}
