//! Two hubs on virtual clocks, joined by Harmony's processor bridge. One has the phones and runs the telephony end. The other has the
//! agents of the story and runs the desk end. The story sends commands to the second hub and looks at it.

use std::{
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};

use bytes::Bytes;
use harmony::{Credentials, DeskConfig, DeskSession, TelephonyConfig, TelephonySession};
use http::{Request, Response};
use model::{
    Accepted, AgentId, CallId, Code, Command, DeviceId, Floor, Rejection, Secret, SwitchId, Timestamp,
};
use serde_json::Value;
use session::{
    FromStream, Link, ToStream,
    transport::any::{AnySession, erase},
};
use simulated::{Caller, Fault, PhoneAction, SwitchSession};
use uuid::Uuid;

use super::{
    ActionError, Network, Observation, SWITCH, Setup, World, cannot, control,
    hub::{BEGINNING, Hub},
};
use crate::{
    node::{LineId, NodeOutput, PASSWORD},
    story::{Callout, Depth},
};

/// The line of the telephony end at the hub with the phones.
const TELEPHONY_LINE: LineId = 1;

/// Two hubs and the byte streams between them.
pub struct HarmonyWorld {
    phones: Hub,
    desks: Hub,
    config: DeskConfig,
    /// The connected streams, with the link of the telephony end and the link of the desk end.
    streams: Vec<(Link, Link)>,
    /// How many streams have been connected.
    made: u64,
    /// Whether streams can be connected.
    is_up: bool,
}

/// One of the two hubs, as an end of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Telephony,
    Desk,
}

impl HarmonyWorld {
    /// Creates two connected hubs with the same floor.
    pub fn new(setup: Setup) -> Result<Self, ActionError> {
        if !setup.ebs.is_empty() {
            return cannot(Depth::Harmony, "EBS client");
        }
        let mut world = Self {
            phones: Hub::default(),
            desks: Hub::default(),
            config: desk_config(&setup.floor),
            streams: Vec::new(),
            made: 0,
            is_up: true,
        };
        let switch = SwitchSession::new(setup.switch).map_err(|error| error.to_string())?;
        world.phones.start(BEGINNING, erase(switch))?;
        world.start_desks(BEGINNING)?;
        world.desks.node()?.contacts(&setup.contacts).map_err(|error| error.to_string())?;
        world.floor(setup.floor)?;
        let telephony = TelephonyConfig { processor: "DEMO".into(), ..TelephonyConfig::default() };
        let telephony =
            TelephonySession::new(telephony, Uuid::from_u128(1)).map_err(|error| error.to_string())?;
        world.phones.node()?.attach(None, erase(telephony));
        world.settle()?;
        Ok(world)
    }

    fn start_desks(&mut self, now: Timestamp) -> Result<(), ActionError> {
        let switch = SwitchId::new(SWITCH).map_err(|error| error.to_string())?;
        let instance = Uuid::from_u128(u128::from(self.desks.life + 2));
        let desk =
            DeskSession::new(self.config.clone(), switch, instance).map_err(|error| error.to_string())?;
        self.desks.start(now, erase(desk))
    }

    fn control(&mut self, request: Request<Bytes>) -> Result<Value, ActionError> {
        let exchange = self.phones.request(Hub::SWITCH_LINE, request)?;
        self.settle()?;
        control::body(&self.phones.response(Hub::SWITCH_LINE, exchange)?)
    }

    fn hub(&mut self, end: End) -> &mut Hub {
        match end {
            End::Telephony => &mut self.phones,
            End::Desk => &mut self.desks,
        }
    }

    fn handle(&mut self, end: End, message: FromStream) -> Result<(), ActionError> {
        let line = if end == End::Telephony { TELEPHONY_LINE } else { Hub::SWITCH_LINE };
        self.hub(end).node()?.send(line, message);
        Ok(())
    }

    /// Carries everything that both hubs have sent.
    fn carry(&mut self) -> Result<(), ActionError> {
        for end in [End::Telephony, End::Desk] {
            while let Some(sent) = self.hub(end).sent()? {
                let NodeOutput::Stream { message, .. } = sent else {
                    return Err("a session uses something other than the bridge's stream".to_owned());
                };
                self.carry_one(end, message)?;
            }
        }
        Ok(())
    }

    fn carry_one(&mut self, from: End, message: ToStream) -> Result<(), ActionError> {
        match message {
            ToStream::Connect { link, .. } => self.connect(link),
            ToStream::Send { link, bytes } => match self.other(from, link) {
                Some((to, link)) => self.handle(to, FromStream::Received { link, bytes }),
                None => Ok(()),
            },
            ToStream::Disconnect { link, .. } => {
                let is_it = |(telephony, desk): &(Link, Link)| match from {
                    End::Telephony => *telephony == link,
                    End::Desk => *desk == link,
                };
                match self.streams.iter().position(is_it) {
                    Some(index) => self.end_stream(index, "the stream is closed"),
                    None => Ok(()),
                }
            }
        }
    }

    /// Connects a stream from the telephony end to the desk end, which listens.
    fn connect(&mut self, link: Link) -> Result<(), ActionError> {
        if !self.is_up {
            let why = "connection refused".to_owned();
            return self.handle(End::Telephony, FromStream::Disconnected { link, why });
        }
        self.made += 1;
        let other = Link(self.made);
        self.streams.push((link, other));
        let from = SocketAddr::from((Ipv4Addr::LOCALHOST, 7_850));
        self.handle(End::Telephony, FromStream::Connected { link, from })?;
        self.handle(End::Desk, FromStream::Connected { link: other, from })
    }

    fn other(&self, from: End, link: Link) -> Option<(End, Link)> {
        self.streams.iter().find_map(|&(telephony, desk)| match from {
            End::Telephony => (telephony == link).then_some((End::Desk, desk)),
            End::Desk => (desk == link).then_some((End::Telephony, telephony)),
        })
    }

    fn end_stream(&mut self, index: usize, why: &str) -> Result<(), ActionError> {
        let (telephony, desk) = self.streams.remove(index);
        self.handle(End::Telephony, FromStream::Disconnected { link: telephony, why: why.to_owned() })?;
        self.handle(End::Desk, FromStream::Disconnected { link: desk, why: why.to_owned() })
    }

    fn cut(&mut self) -> Result<(), ActionError> {
        while !self.streams.is_empty() {
            self.end_stream(0, "the network was cut")?;
        }
        Ok(())
    }

    /// Runs what is due at both hubs until a time, in order.
    fn run_until(&mut self, until: Timestamp) -> Result<(), ActionError> {
        loop {
            self.carry()?;
            let (phones, desks) = (self.phones.node()?.next(), self.desks.node()?.next());
            let Some(at) = phones.into_iter().chain(desks).min().filter(|at| *at <= until) else { break };
            self.phones.wait(at)?;
            self.desks.wait(at)?;
            if !self.phones.step(at)? {
                self.desks.step(at)?;
            }
        }
        self.phones.wait(until)?;
        self.desks.wait(until)
    }

    fn floor_at(&mut self, end: End, floor: Floor) -> Result<(), ActionError> {
        let number = self.hub(end).number();
        self.hub(end).node()?.floor(floor, number);
        self.settle()?;
        let answer = self.hub(end).answer(number).ok_or("a floor was not answered")?;
        answer.map(drop).map_err(|rejection| rejection.text.to_string())
    }
}

fn desk_config(floor: &Floor) -> DeskConfig {
    let credentials = floor
        .agents
        .iter()
        .map(|plan| Credentials { acd_id: plan.id_at_acd().into(), password: Secret::new(PASSWORD) });
    DeskConfig { agents: credentials.collect(), ..DeskConfig::default() }
}

impl World for HarmonyWorld {
    fn caller(&mut self, caller: Caller) -> Result<CallId, ActionError> {
        control::made(self.control(control::caller(&caller))?)
    }

    fn hang_up(&mut self, call: &CallId) -> Result<(), ActionError> {
        self.control(control::hang_up(call)).map(drop)
    }

    fn phone(&mut self, device: &DeviceId, action: PhoneAction) -> Result<(), ActionError> {
        self.control(control::phone(device, action)).map(drop)
    }

    fn fault(&mut self, fault: Fault) -> Result<(), ActionError> {
        self.control(control::fault(&fault)).map(drop)
    }

    fn command(&mut self, command: Command) -> Result<Accepted, Rejection> {
        let down = |trouble: ActionError| Rejection::new(Code::Internal, trouble);
        let number = self.desks.number();
        self.desks.node().map_err(down)?.command(command, number);
        self.settle().map_err(down)?;
        self.desks.answer(number).unwrap_or_else(|| Err(down("a command was not answered".to_owned())))
    }

    fn floor(&mut self, floor: Floor) -> Result<(), ActionError> {
        self.floor_at(End::Telephony, floor.clone())?;
        self.floor_at(End::Desk, floor)
    }

    fn pass(&mut self, span: Duration) -> Result<(), ActionError> {
        let until = self.desks.node()?.now() + span;
        self.run_until(until)
    }

    fn callout(&mut self, _: &Callout) -> Result<Response<Bytes>, ActionError> {
        cannot(Depth::Harmony, "EBS client")
    }

    fn desk(&mut self, agent: &AgentId, attended: bool) -> Result<(), ActionError> {
        self.desks.node()?.desk(agent.clone(), attended);
        self.settle()
    }

    fn listener(&mut self, _: &AgentId, _: bool) -> Result<(), ActionError> {
        cannot(Depth::Harmony, "EBS client")
    }

    fn network(&mut self, network: Network) -> Result<(), ActionError> {
        self.is_up = network != Network::Down;
        if network != Network::Up {
            self.cut()?;
        }
        self.settle()
    }

    fn restart(&mut self) -> Result<(), ActionError> {
        let (now, sessions): (Timestamp, Vec<AnySession>) = self.desks.kill()?;
        drop(sessions);
        for (link, _) in std::mem::take(&mut self.streams) {
            let why = "the other end is gone".to_owned();
            self.handle(End::Telephony, FromStream::Disconnected { link, why })?;
        }
        self.start_desks(now)?;
        self.settle()
    }

    fn settle(&mut self) -> Result<(), ActionError> {
        let now = self.desks.node()?.now();
        self.run_until(now)
    }

    fn observe(&mut self) -> Result<Observation, ActionError> {
        let calls = self.control(control::calls())?;
        let phones = self.phones.observe(&calls)?;
        Ok(Observation { phones: Some(Box::new(phones)), ..self.desks.observe(&calls)? })
    }

    fn patience(&self) -> Duration {
        Duration::ZERO
    }
}
