//! A node on a virtual clock: the engine, the store in memory, the simulated switch's session, the telephony end of UWQ, and little EBS
//! clients at the other end of a network without latency.

use std::{
    collections::BTreeMap,
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use cordboard_core::invariants;
use http::{Request, Response};
use hub::engine::everybody;
use model::{
    Accepted, AgentId, CallId, Code, Command, DeviceId, Floor, Record, Rejection, SwitchId, Timestamp,
};
use session::{
    Exchange, Failure, FromHttp,
    transport::any::{AnySession, erase},
};
use simulated::{Caller, Fault, PhoneAction, SwitchSession};
use store::{InteractionQuery, LIMIT_MAX, Reader as _, memory::Memory};
use uuid::Uuid;
use uwq::{TelephonyConfig, TelephonySession};

use super::{Look, SWITCH, Setup, Trouble, World, control};
use crate::{
    ebs::Ebs,
    node::{Happening, Latency, Limits, LineId, Node},
    story::Callout,
};

/// When stories begin. Milliseconds.
const BEGINNING: Timestamp = Timestamp(1_700_000_000_000);

/// The first port of an EBS client's listener.
const PORT: u16 = 9_001;

/// A node on a virtual clock.
pub struct NodeWorld {
    memory: Memory,
    node: Option<Node>,
    life: u64,
    switch: LineId,
    telephony: LineId,
    clients: BTreeMap<AgentId, Ebs>,
    /// Numbers exchanges and commands.
    asked: u64,
    responses: BTreeMap<(LineId, Exchange), Response<Bytes>>,
    answers: BTreeMap<u64, Result<Accepted, Rejection>>,
    records: Vec<Arc<Record>>,
    broken: Option<Trouble>,
}

impl NodeWorld {
    /// A node on a floor, with a switch that can be reached, and EBS clients that listen.
    pub fn new(setup: Setup) -> Result<Self, Trouble> {
        let mut world = Self {
            memory: Memory::default(),
            node: None,
            life: 0,
            switch: 0,
            telephony: 0,
            clients: clients(&setup),
            asked: 0,
            responses: BTreeMap::new(),
            answers: BTreeMap::new(),
            records: Vec::new(),
            broken: None,
        };
        let switch = SwitchSession::new(setup.switch).map_err(|error| error.to_string())?;
        world.start(BEGINNING, erase(switch))?;
        world.node()?.contacts(&setup.contacts).map_err(|error| error.to_string())?;
        world.floor(setup.floor)?;
        Ok(world)
    }

    fn start(&mut self, now: Timestamp, switch: AnySession) -> Result<(), Trouble> {
        self.life += 1;
        let node = Node::start(&self.memory, now, self.life, Latency::None, Limits::default());
        let mut node = node.map_err(|error| error.to_string())?;
        let id = SwitchId::new(SWITCH).map_err(|error| error.to_string())?;
        self.switch = node.attach(Some(id), switch);
        let config = TelephonyConfig { status_period: settings::Span::s(0), ..TelephonyConfig::default() };
        let telephony = TelephonySession::new(config, Uuid::from_u128(u128::from(self.life)));
        self.telephony = node.attach(None, erase(telephony.map_err(|error| error.to_string())?));
        self.node = Some(node);
        self.settle()
    }

    fn node(&mut self) -> Result<&mut Node, Trouble> {
        self.node.as_mut().ok_or_else(|| "the node is down".to_owned())
    }

    /// Has a session take an HTTP request, and gives its response.
    fn request(&mut self, line: LineId, request: Request<Bytes>) -> Result<Response<Bytes>, Trouble> {
        self.asked += 1;
        let exchange = Exchange(self.asked);
        let from = SocketAddr::from((Ipv4Addr::LOCALHOST, 50_000));
        self.node()?.say(line, FromHttp::Request { exchange, from, request });
        self.settle()?;
        self.responses.remove(&(line, exchange)).ok_or_else(|| "a request was not answered".to_owned())
    }

    fn control(&mut self, request: Request<Bytes>) -> Result<serde_json::Value, Trouble> {
        let response = self.request(self.switch, request)?;
        control::body(&response)
    }

    /// Takes in what happened.
    fn take(&mut self, happening: Happening) -> Result<(), Trouble> {
        match happening {
            Happening::Answered { asker, result } => drop(self.answers.insert(asker, result)),
            Happening::Committed(records) => self.records.extend(records),
            Happening::Request { line, exchange, request, .. } => {
                let said = self.deliver(exchange, &request);
                self.node()?.say(line, said);
            }
            Happening::Response { line, exchange, response } => {
                drop(self.responses.insert((line, exchange), response));
            }
            Happening::Stream { line, .. } | Happening::Page { line, .. } => {
                return Err(format!("session {line} wants more than http, and that is what its peers speak"));
            }
            Happening::Failed(error) => return Err(error.to_string()),
            Happening::Broken(text) => self.broken = Some(text),
        }
        Ok(())
    }

    /// Carries a request to the listener at its port.
    fn deliver(&mut self, exchange: Exchange, request: &Request<Bytes>) -> FromHttp {
        let port = request.uri().port_u16();
        let client = self.clients.values_mut().find(|client| Some(client.port) == port && client.listens);
        match client {
            Some(client) => FromHttp::Response { exchange, response: client.hear(request) },
            None => FromHttp::Failed { exchange, failure: Failure::NotSent("nobody listens".to_owned()) },
        }
    }

    fn run_until(&mut self, until: Timestamp) -> Result<(), Trouble> {
        loop {
            while let Some(happening) = self.node()?.happened() {
                self.take(happening)?;
            }
            let node = self.node()?;
            if node.next().is_none_or(|at| at > until) {
                break;
            }
            node.step();
            if let Some(broken) = invariants::check(node.core().state()).first() {
                return Err(format!("{} does not hold: {}", broken.name, broken.what));
            }
        }
        self.node()?.wait(until);
        self.broken.take().map_or(Ok(()), Err)
    }

    fn client(&mut self, agent: &AgentId) -> Result<&mut Ebs, Trouble> {
        self.clients.get_mut(agent).ok_or_else(|| format!("agent {agent} has no EBS client"))
    }
}

fn clients(setup: &Setup) -> BTreeMap<AgentId, Ebs> {
    let planned = setup.floor.agents.iter().filter(|plan| setup.ebs.contains(&plan.id));
    let clients = planned.zip(PORT..).map(|(plan, port)| {
        let acd_id = plan.id_at_acd();
        (plan.id.clone(), Ebs::new(plan.device.as_str(), acd_id, port))
    });
    clients.collect()
}

impl World for NodeWorld {
    fn caller(&mut self, caller: Caller) -> Result<CallId, Trouble> {
        control::made(self.control(control::caller(&caller))?)
    }

    fn hang_up(&mut self, call: &CallId) -> Result<(), Trouble> {
        self.control(control::hang_up(call)).map(drop)
    }

    fn phone(&mut self, device: &DeviceId, action: PhoneAction) -> Result<(), Trouble> {
        self.control(control::phone(device, action)).map(drop)
    }

    fn fault(&mut self, fault: Fault) -> Result<(), Trouble> {
        self.control(control::fault(&fault)).map(drop)
    }

    fn command(&mut self, command: Command) -> Result<Accepted, Rejection> {
        let down = |trouble: Trouble| Rejection::new(Code::Internal, trouble);
        self.asked += 1;
        let asker = self.asked;
        self.node().map_err(down)?.command(command, asker);
        self.settle().map_err(down)?;
        self.answers.remove(&asker).unwrap_or_else(|| Err(down("a command was not answered".to_owned())))
    }

    fn floor(&mut self, floor: Floor) -> Result<(), Trouble> {
        self.asked += 1;
        let asker = self.asked;
        self.node()?.floor(floor, asker);
        self.settle()?;
        let answer = self.answers.remove(&asker).ok_or("a floor was not answered")?;
        answer.map(drop).map_err(|rejection| rejection.text.to_string())
    }

    fn pass(&mut self, span: Duration) -> Result<(), Trouble> {
        let until = self.node()?.now() + span;
        self.run_until(until)
    }

    fn callout(&mut self, callout: &Callout) -> Result<Response<Bytes>, Trouble> {
        let request = self.client(&callout.agent)?.callout(&callout.says, &callout.with);
        self.request(self.telephony, request)
    }

    fn desk(&mut self, agent: &AgentId, attended: bool) -> Result<(), Trouble> {
        self.node()?.desk(agent.clone(), attended);
        self.settle()
    }

    fn listener(&mut self, agent: &AgentId, up: bool) -> Result<(), Trouble> {
        self.client(agent)?.listens = up;
        Ok(())
    }

    fn restart(&mut self) -> Result<(), Trouble> {
        let node = self.node.take().ok_or("the node is down")?;
        let now = node.now();
        let mut sessions = node.kill();
        let switch = sessions.swap_remove(self.switch);
        self.start(now, switch)
    }

    fn settle(&mut self) -> Result<(), Trouble> {
        let now = self.node()?.now();
        self.run_until(now)
    }

    fn look(&mut self) -> Result<Look, Trouble> {
        let calls = control::items(&self.control(control::calls())?);
        let posts = self.clients.iter().map(|(agent, client)| (agent.clone(), client.posts.clone()));
        let posts = posts.collect();
        let records = self.records.clone();
        let node = self.node()?;
        let query = InteractionQuery { limit: LIMIT_MAX, ..InteractionQuery::default() };
        let history = node.store().interactions(&query).map_err(|error| error.to_string())?;
        let snapshot = node.core().snapshot(node.now(), &everybody());
        Ok(Look { snapshot, records, history, calls, posts })
    }

    fn patience(&self) -> Duration {
        Duration::ZERO
    }
}
