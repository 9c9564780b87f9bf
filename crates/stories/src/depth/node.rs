//! A node on a virtual clock: the engine, a store in memory, the simulated switch's session, the telephony end of UWQ, and small EBS
//! clients on a network without latency.

use std::{collections::BTreeMap, time::Duration};

use bytes::Bytes;
use http::{Request, Response};
use model::{Accepted, AgentId, CallId, Code, Command, DeviceId, Floor, Rejection, Timestamp};
use session::{
    Exchange, Failure, FromHttp,
    transport::any::{AnySession, erase},
};
use simulated::{Caller, Fault, PhoneAction, SwitchSession};
use uuid::Uuid;
use uwq::{TelephonyConfig, TelephonySession};

use super::{
    ActionError, Network, Observation, Setup, World, cannot, control,
    hub::{BEGINNING, Hub},
};
use crate::{
    ebs::Ebs,
    node::{LineId, NodeOutput},
    story::{Callout, Depth},
};

/// The port of the first EBS client's listener.
const PORT: u16 = 9_001;

/// The line of the telephony end of UWQ.
const TELEPHONY_LINE: LineId = 1;

/// A node on a virtual clock.
pub struct NodeWorld {
    hub: Hub,
    clients: BTreeMap<AgentId, Ebs>,
}

impl NodeWorld {
    /// Creates a node with a floor, a reachable switch and listening EBS clients.
    pub fn new(setup: Setup) -> Result<Self, ActionError> {
        let mut world = Self { hub: Hub::default(), clients: clients(&setup) };
        let switch = SwitchSession::new(setup.switch).map_err(|error| error.to_string())?;
        world.start(BEGINNING, erase(switch))?;
        world.hub.node()?.contacts(&setup.contacts).map_err(|error| error.to_string())?;
        world.floor(setup.floor)?;
        Ok(world)
    }

    fn start(&mut self, now: Timestamp, switch: AnySession) -> Result<(), ActionError> {
        self.hub.start(now, switch)?;
        let config = TelephonyConfig { status_period: settings::Span::s(0), ..TelephonyConfig::default() };
        let telephony = TelephonySession::new(config, Uuid::from_u128(u128::from(self.hub.life)));
        self.hub.node()?.attach(None, erase(telephony.map_err(|error| error.to_string())?));
        self.settle()
    }

    /// Sends an HTTP request to a session. Returns its response.
    fn request(&mut self, line: LineId, request: Request<Bytes>) -> Result<Response<Bytes>, ActionError> {
        let exchange = self.hub.request(line, request)?;
        self.settle()?;
        self.hub.response(line, exchange)
    }

    fn control(&mut self, request: Request<Bytes>) -> Result<serde_json::Value, ActionError> {
        let response = self.request(Hub::SWITCH_LINE, request)?;
        control::body(&response)
    }

    /// Carries what the sessions have sent.
    fn carry(&mut self) -> Result<(), ActionError> {
        while let Some(sent) = self.hub.sent()? {
            let NodeOutput::Request { line, exchange, request, .. } = sent else {
                return Err("a session uses something other than HTTP".to_owned());
            };
            let message = self.deliver(exchange, &request);
            self.hub.node()?.send(line, message);
        }
        Ok(())
    }

    /// Carries a request to the listener at its port.
    fn deliver(&mut self, exchange: Exchange, request: &Request<Bytes>) -> FromHttp {
        let port = request.uri().port_u16();
        let client = self.clients.values_mut().find(|client| Some(client.port) == port && client.listens);
        match client {
            Some(client) => FromHttp::Response { exchange, response: client.post(request) },
            None => FromHttp::Failed { exchange, failure: Failure::NotSent("connection refused".to_owned()) },
        }
    }

    fn run_until(&mut self, until: Timestamp) -> Result<(), ActionError> {
        self.carry()?;
        while self.hub.step(until)? {
            self.carry()?;
        }
        self.hub.wait(until)
    }

    fn client(&mut self, agent: &AgentId) -> Result<&mut Ebs, ActionError> {
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
        let number = self.hub.number();
        self.hub.node().map_err(down)?.command(command, number);
        self.settle().map_err(down)?;
        self.hub.answer(number).unwrap_or_else(|| Err(down("a command was not answered".to_owned())))
    }

    fn floor(&mut self, floor: Floor) -> Result<(), ActionError> {
        let number = self.hub.number();
        self.hub.node()?.floor(floor, number);
        self.settle()?;
        let answer = self.hub.answer(number).ok_or("a floor was not answered")?;
        answer.map(drop).map_err(|rejection| rejection.text.to_string())
    }

    fn pass(&mut self, span: Duration) -> Result<(), ActionError> {
        let until = self.hub.node()?.now() + span;
        self.run_until(until)
    }

    fn callout(&mut self, callout: &Callout) -> Result<Response<Bytes>, ActionError> {
        let request = self.client(&callout.agent)?.callout(&callout.function, &callout.with);
        self.request(TELEPHONY_LINE, request)
    }

    fn desk(&mut self, agent: &AgentId, attended: bool) -> Result<(), ActionError> {
        self.hub.node()?.desk(agent.clone(), attended);
        self.settle()
    }

    fn listener(&mut self, agent: &AgentId, up: bool) -> Result<(), ActionError> {
        self.client(agent)?.listens = up;
        Ok(())
    }

    fn network(&mut self, _: Network) -> Result<(), ActionError> {
        cannot(Depth::Node, "network between two hubs")
    }

    fn restart(&mut self) -> Result<(), ActionError> {
        let (now, mut sessions): (Timestamp, Vec<AnySession>) = self.hub.kill()?;
        let switch = sessions.swap_remove(Hub::SWITCH_LINE);
        self.start(now, switch)
    }

    fn settle(&mut self) -> Result<(), ActionError> {
        let now = self.hub.node()?.now();
        self.run_until(now)
    }

    fn observe(&mut self) -> Result<Observation, ActionError> {
        let calls = self.control(control::calls())?;
        let posts = self.clients.iter().map(|(agent, client)| (agent.clone(), client.posts.clone()));
        let posts = posts.collect();
        Ok(Observation { posts, ..self.hub.observe(&calls)? })
    }

    fn patience(&self) -> Duration {
        Duration::ZERO
    }
}
