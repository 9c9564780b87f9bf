//! What the bridge asks: answered from what is known, or asked of the hub.

mod channels;
mod interactions;

use std::collections::BTreeSet;

use compact_str::{CompactString, format_compact};
use model::{AgentId, DeviceId, InteractionId, Principal, Verb};
use serde_json::Value;

use super::{
    Asked, Telephony,
    objects::{Group, Kind},
    requests::Effect,
};
use crate::wire::{
    Ask, Body, ControlAsk, Create, GroupAsk, Object, SessionAgent, SessionAsk, SessionOptions, Word,
    limits::{CHILDREN_MAX, OPEN_MAX},
    reply::{Agent, Capabilities, ChannelEntry, GroupEntry, GroupInit, Native, SessionInit},
    words::{AskName, Capability, MediaType, ServerStatus, Status},
};

/// What is said to a request that the object does not know (harmony.md §4).
const UNSUPPORTED: &str = "unsupported request";
/// What is said to a request for an object that is not there (harmony.md §4).
const UNKNOWN: &str = "unknown target";
/// Our name, as the bridge is told it.
const VENDOR: &str = "Cordboard";

/// What is said to a request at once; nothing where the response comes later.
type Said = Result<Option<Value>, String>;

/// Whose request it is: what a command needs to know of the object's session.
#[derive(Debug, Clone)]
struct Whose {
    by: Principal,
    agent: AgentId,
}

impl Telephony {
    /// Takes a query or a request. One that comes again is answered as before.
    pub(super) fn asked(&mut self, asked: Asked, body: &Value) {
        if let Some(before) = self.replies.get(&asked.id).cloned() {
            return self.send(before);
        }
        let agent = self.objects.session(&asked.target).map(|session| session.agent.clone());
        if agent.iter().flat_map(|agent| self.opens(agent)).any(|(_, open)| open.asked.id == asked.id) {
            return;
        }
        match self.understand(&asked, body).and_then(|ask| self.obey(&asked, ask)) {
            Ok(Some(body)) => self.respond(asked, Ok(body)),
            Ok(None) => {}
            Err(text) => self.respond(asked, Err(text)),
        }
        // What has changed before an object's first query was answered is told right after.
        agent.iter().for_each(|agent| self.sync(agent));
    }

    fn understand(&mut self, asked: &Asked, body: &Value) -> Result<Ask, String> {
        let name = self.words.find::<AskName>(&asked.name);
        let is_control = asked.target == self.control;
        if !is_control && self.objects.get(&asked.target).is_none() {
            self.bind(asked, name).ok_or(UNKNOWN)?;
        }
        let name = name.ok_or(UNSUPPORTED)?;
        let body = Body::new(&self.words, body).map_err(|fault| fault.to_string())?;
        Ask::read(name, body).map_err(|fault| fault.to_string())
    }

    fn bind(&mut self, asked: &Asked, name: Option<AskName>) -> Option<()> {
        let is_init = name.is_some_and(|name| name.slot().ends_with(".query.init"));
        if is_init { self.objects.bind(&asked.target) } else { None }
    }

    fn obey(&mut self, asked: &Asked, ask: Ask) -> Said {
        if asked.target == self.control {
            return match ask {
                Ask::Control(ask) => self.control(asked, ask),
                Ask::Session(_)
                | Ask::Group(_)
                | Ask::Channel(_)
                | Ask::Interaction(_)
                | Ask::Conversation(_) => Err(UNSUPPORTED.to_owned()),
            };
        }
        let object = self.objects.get(&asked.target).ok_or(UNKNOWN)?;
        match (&object.kind, ask) {
            (Kind::Session(_), Ask::Session(ask)) => self.session(asked, ask),
            (Kind::Group(_), Ask::Group(ask)) => self.group(asked, ask),
            (Kind::Channel(_), Ask::Channel(ask)) => self.channel(asked, ask),
            (Kind::Interaction(told), Ask::Interaction(ask)) => {
                let id = told.id;
                self.interaction(asked, id, ask)
            }
            (Kind::Conversation(told), Ask::Conversation(ask)) => {
                let (interaction, id) = (told.interaction, told.id);
                self.conversation(asked, interaction, id, ask)
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

    fn control(&mut self, asked: &Asked, ask: ControlAsk) -> Said {
        match ask {
            ControlAsk::Status => {
                self.respond(asked.clone(), Ok(Value::Null));
                self.tell_status(Status::Started);
                Ok(None)
            }
            ControlAsk::Capabilities => Ok(Some(capabilities().print(&self.words))),
            ControlAsk::ServerStatus(status) => {
                if status == ServerStatus::Shutdown {
                    self.objects.clear();
                }
                Ok(Some(Value::Null))
            }
            ControlAsk::ValidateAgent { agent, password } => {
                self.check(asked.clone(), agent, password, None);
                Ok(None)
            }
            ControlAsk::AgentInfo { agent } => self.agent_info(&agent),
            ControlAsk::CreateSession { agent, id, target } => {
                let SessionAgent { id: acd_id, password, extension } = agent;
                let extension =
                    extension.map(DeviceId::new).transpose().map_err(|error| error.to_string())?;
                let create = Create { id, native: acd_id.clone(), target };
                self.check(asked.clone(), acd_id, password, Some((create, extension)));
                Ok(None)
            }
        }
    }

    fn agent_info(&self, acd_id: &str) -> Said {
        let plan = self
            .projection
            .floor
            .agent_at_acd(acd_id)
            .ok_or_else(|| format!("there is no agent {acd_id}"))?;
        let agent = Agent {
            id: acd_id.into(),
            first_name: Some(plan.name.clone()),
            last_name: None,
            extension: Some(plan.device.as_str().into()),
        };
        Ok(Some(agent.print(&self.words)))
    }

    fn session(&mut self, asked: &Asked, ask: SessionAsk) -> Said {
        match ask {
            SessionAsk::Init(options) => self.init_session(&asked.target, &options),
            SessionAsk::CreateChannelGroup(create) => self.create_group(&asked.target, &create),
            SessionAsk::AddChannelGroup { name, channels } => self.add_group(&asked.target, name, channels),
            SessionAsk::RemoveChannelGroup { id } => {
                let target = self.objects.child(&asked.target, &id).ok_or("no such channel group")?;
                self.drop_told(asked, &target, crate::wire::Event::Group(crate::wire::GroupEvent::Disposed))
            }
            SessionAsk::Logout { reason } => {
                let Whose { agent, .. } = self.whose(asked)?;
                if self.projection.calls(&agent).any(|work| work.state.is_live()) {
                    return Err("invalid state: the agent has a call".to_owned());
                }
                let reason =
                    reason.map(model::ReasonCode::new).transpose().map_err(|error| error.to_string())?;
                self.command(asked, None, Verb::SignOut { reason }, Effect::Logout)
            }
            SessionAsk::Dispose => self.dispose(asked),
        }
    }

    /// The agent works with one group of one channel, its phone: the one it is signed in at, or the one that the bridge names, or its own.
    fn init_session(&mut self, target: &CompactString, options: &SessionOptions) -> Said {
        let object = self.objects.get_mut(target).ok_or(UNKNOWN)?;
        let Kind::Session(session) = &mut object.kind else { return Err(UNKNOWN.to_owned()) };
        object.ready = true;
        let named = options.name.as_ref().and_then(|name| DeviceId::new(name).ok());
        let own = self.projection.floor.agent(&session.agent).map(|plan| plan.device.clone());
        let seated = self.projection.device(&session.agent).cloned();
        let device = seated.or_else(|| session.extension.clone()).or(named).or(own);
        let device = device.ok_or("the floor has the agent no longer")?;
        let entry = ChannelEntry {
            end_point: device.as_str().into(),
            kind: self.words.text(MediaType::Telephony).into(),
        };
        let id = format_compact!("group-{}", session.agent);
        let group = GroupEntry { id, name: "Telephony".into(), channels: vec![entry] };
        session.groups.retain(|known| known.id != group.id);
        session.groups.insert(0, group);
        Ok(Some(SessionInit { groups: session.groups.clone() }.print(&self.words)))
    }

    fn create_group(&mut self, target: &CompactString, create: &Create) -> Said {
        let Some(Kind::Session(session)) = self.objects.get(target).map(|object| &object.kind) else {
            return Err(UNKNOWN.to_owned());
        };
        let group = session.groups.iter().find(|group| group.id == create.native);
        let channels = group.ok_or("no such channel group")?.channels.clone();
        let group = Group { native: create.native.clone(), channels };
        self.objects.put(target, create, Kind::Group(group));
        Ok(Some(Value::Null))
    }

    fn add_group(
        &mut self,
        target: &CompactString,
        name: CompactString,
        channels: Vec<ChannelEntry>,
    ) -> Said {
        let id = format_compact!("group-{}", self.out.number());
        let object = self.objects.get_mut(target).ok_or(UNKNOWN)?;
        let Kind::Session(session) = &mut object.kind else { return Err(UNKNOWN.to_owned()) };
        if session.groups.len() >= CHILDREN_MAX || channels.len() > CHILDREN_MAX {
            return Err(format!("a session has at most {CHILDREN_MAX} groups of as many channels"));
        }
        session.groups.push(GroupEntry { id: id.clone(), name, channels });
        Ok(Some(Native { id: Some(id) }.print(&self.words)))
    }

    fn group(&mut self, asked: &Asked, ask: GroupAsk) -> Said {
        match ask {
            GroupAsk::Init => {
                let group = self.group_at(&asked.target)?;
                let channels = group.channels.clone();
                if let Some(object) = self.objects.get_mut(&asked.target) {
                    object.ready = true;
                }
                Ok(Some(GroupInit { channels }.print(&self.words)))
            }
            GroupAsk::CreateChannel { create, kind } => self.create_channel(&asked.target, &create, &kind),
            GroupAsk::AddChannel(entry) => {
                let group = self.group_at(&asked.target)?;
                if group.channels.len() >= CHILDREN_MAX {
                    return Err(format!("a channel group has at most {CHILDREN_MAX} channels"));
                }
                group.channels.retain(|known| known.end_point != entry.end_point);
                let native = Native { id: Some(entry.end_point.clone()) };
                group.channels.push(entry);
                Ok(Some(native.print(&self.words)))
            }
            GroupAsk::RemoveChannel { id } => {
                let target = self.objects.child(&asked.target, &id).ok_or("no such channel")?;
                let disposed = crate::wire::Event::Channel(crate::wire::ChannelEvent::Disposed);
                self.drop_told(asked, &target, disposed)
            }
            GroupAsk::Dispose => self.dispose(asked),
        }
    }

    fn group_at(&mut self, target: &str) -> Result<&mut Group, String> {
        match self.objects.get_mut(target).map(|object| &mut object.kind) {
            Some(Kind::Group(group)) => Ok(group),
            Some(Kind::Session(_) | Kind::Channel(_) | Kind::Interaction(_) | Kind::Conversation(_))
            | None => Err(UNKNOWN.to_owned()),
        }
    }

    /// Answers, tells that an object is gone, and forgets it.
    fn drop_told(&mut self, asked: &Asked, target: &CompactString, disposed: crate::wire::Event) -> Said {
        self.respond(asked.clone(), Ok(Value::Null));
        if self.objects.get(target).is_some_and(|object| object.ready) {
            self.tell(target, &disposed);
        }
        self.objects.remove(target);
        Ok(None)
    }

    fn dispose(&mut self, asked: &Asked) -> Said {
        self.objects.remove(&asked.target);
        Ok(Some(Value::Null))
    }

    fn whose(&self, asked: &Asked) -> Result<Whose, String> {
        let session = self.objects.session(&asked.target).ok_or(UNKNOWN)?;
        Ok(Whose { by: session.by.clone(), agent: session.agent.clone() })
    }

    /// Asks the hub; the response follows when it is clear what came of it.
    fn command(
        &mut self,
        asked: &Asked,
        interaction: Option<InteractionId>,
        verb: Verb,
        effect: Effect,
    ) -> Said {
        if self.opens.len() >= OPEN_MAX {
            return Err(format!("{OPEN_MAX} requests wait for the hub already"));
        }
        let Whose { by, agent } = self.whose(asked)?;
        let id = self.out.command_id("harmony", self.instance);
        self.open(id.clone(), agent.clone(), asked.clone(), effect);
        self.out.command(id, by, agent, interaction, verb);
        Ok(None)
    }
}

/// What a client of ours can do; what it cannot is blind conference, and other media.
fn capabilities() -> Capabilities {
    let cannot = [Capability::BlindConference, Capability::Chat, Capability::Email, Capability::Callback];
    let can: BTreeSet<Capability> =
        Capability::ALL.iter().copied().filter(|capability| !cannot.contains(capability)).collect();
    Capabilities { vendor: VENDOR.into(), version: env!("CARGO_PKG_VERSION").into(), can }
}
