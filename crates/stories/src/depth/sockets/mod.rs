//! A running node over real sockets: SQLite in a temporary folder, the API, the simulated switch, the telephony end of UWQ, and EBS clients
//! with their own listeners. Every port is a free one on loopback.

mod events;
mod http;
mod listener;
mod server;

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    time::{Duration, Instant},
};

use ::http::{Method, Request, Response};
use bytes::Bytes;
use model::{Accepted, AgentId, CallId, Code, Command, DeviceId, Floor, Rejection};
use serde_json::{Value, json};
use simulated::{Caller, Fault, PhoneAction};

use self::{events::Events, listener::Listener, server::Server};
use super::{ActionError, Network, Observation, Setup, World, cannot, control};
use crate::story::{Callout, Depth};

/// How long to wait until something is visible.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long nothing must happen before a world counts as settled.
const QUIET: Duration = Duration::from_millis(25);

/// The longest time that a story can let pass at this depth, so that tests stay fast.
const PASS_MAX: Duration = Duration::from_secs(2);

/// A running node over real sockets.
pub struct SocketWorld {
    server: Server,
    events: Events,
    clients: BTreeMap<AgentId, Listener>,
    tokens: BTreeMap<String, String>,
}

impl SocketWorld {
    /// Creates a node with a floor, a reachable switch and listening EBS clients.
    pub fn new(setup: Setup) -> Result<Self, ActionError> {
        let clients = clients(&setup)?;
        let server = Server::start(setup)?;
        let mut tokens = BTreeMap::new();
        let token = token(server.api, &mut tokens, "integration")?;
        let events = Events::subscribe(server.api, &token)?;
        let mut world = Self { server, events, clients, tokens };
        world.settle()?;
        Ok(world)
    }

    /// Sends a request to the API with an account. Returns the JSON of the answer, or the refusal.
    fn request(
        &mut self,
        account: &str,
        mut request: Request<Bytes>,
    ) -> Result<Result<Value, Rejection>, ActionError> {
        let token = token(self.server.api, &mut self.tokens, account)?;
        let bearer = format!("Bearer {token}").parse().map_err(|_| "a token is not a valid header value")?;
        request.headers_mut().insert(::http::header::AUTHORIZATION, bearer);
        answer(&http::send(self.server.api, &request)?)
    }

    fn get(&mut self, path: &str) -> Result<Value, ActionError> {
        let got = self.request("integration", request(Method::GET, path, &Value::Null)?)?;
        got.map_err(|refused| refused.text.to_string())
    }

    fn control(&mut self, mut request: Request<Bytes>) -> Result<Value, ActionError> {
        let path = format!("{}{}", server::SIMULATED, request.uri());
        *request.uri_mut() = path.parse().map_err(|_| format!("{path} is not a valid path"))?;
        self.request("integration", request)?.map_err(|refused| refused.text.to_string())
    }

    /// The values that must stay the same for the world to count as settled.
    fn pulse(&mut self) -> Result<(Value, Value, usize), ActionError> {
        let seq = self.get("/api/v1/snapshot")?["seq"].clone();
        let calls = self.control(control::calls())?;
        let posts = self.clients.values().map(|client| client.posts().len()).sum();
        Ok((seq, calls, posts))
    }

    fn client(&self, agent: &AgentId) -> Result<&Listener, ActionError> {
        self.clients.get(agent).ok_or_else(|| format!("agent {agent} has no EBS client"))
    }
}

fn clients(setup: &Setup) -> Result<BTreeMap<AgentId, Listener>, ActionError> {
    let planned = setup.floor.agents.iter().filter(|plan| setup.ebs.contains(&plan.id));
    let open = |plan: &model::AgentPlan| {
        let acd_id = plan.id_at_acd();
        Ok((plan.id.clone(), Listener::open(plan.device.as_str(), acd_id)?))
    };
    planned.map(open).collect()
}

/// Returns the token of an account, and signs in if there is none yet.
fn token(
    api: SocketAddr,
    known: &mut BTreeMap<String, String>,
    account: &str,
) -> Result<String, ActionError> {
    if let Some(token) = known.get(account) {
        return Ok(token.clone());
    }
    let body = json!({ "account": account, "password": server::PASSWORD });
    let signed_in = answer(&http::send(api, &request(Method::POST, "/api/v1/sign-in", &body)?)?)?;
    let signed_in = signed_in.map_err(|refused| format!("{account} cannot sign in: {}", refused.text))?;
    let token = signed_in["token"].as_str().ok_or("the answer to a sign-in has no token")?.to_owned();
    known.insert(account.to_owned(), token.clone());
    Ok(token)
}

fn request(method: Method, path: &str, body: &Value) -> Result<Request<Bytes>, ActionError> {
    let bytes = if body.is_null() { Bytes::new() } else { Bytes::from(body.to_string()) };
    let built = Request::builder().method(method).uri(path).header("Content-Type", "application/json");
    built.body(bytes).map_err(|error| format!("{path}: {error}"))
}

fn answer(response: &Response<Bytes>) -> Result<Result<Value, Rejection>, ActionError> {
    let body = response.body();
    let body: Value = match body.is_empty() {
        true => Value::Null,
        false => serde_json::from_slice(body).map_err(|error| format!("not JSON: {error}"))?,
    };
    if response.status().is_success() {
        return Ok(Ok(body));
    }
    let code: Code =
        serde_json::from_value(body["code"].clone()).map_err(|error| format!("{body}: {error}"))?;
    Ok(Err(Rejection::new(code, body["detail"].as_str().unwrap_or_default())))
}

impl World for SocketWorld {
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
        let internal = |trouble: ActionError| Rejection::new(Code::Internal, trouble);
        let path = match command.interaction {
            None => format!("/api/v1/agents/{}/commands", command.agent),
            Some(id) => format!("/api/v1/interactions/{id}/commands"),
        };
        let mut request = request(Method::POST, &path, &json!(command.verb)).map_err(internal)?;
        let key = command.id.as_str().parse().map_err(|_| internal("a key is not valid".to_owned()))?;
        request.headers_mut().insert("Idempotency-Key", key);
        let accepted = self.request(command.by.account.as_str(), request).map_err(internal)??;
        serde_json::from_value(accepted).map_err(|error| internal(error.to_string()))
    }

    fn floor(&mut self, floor: Floor) -> Result<(), ActionError> {
        let request = request(Method::PUT, "/api/v1/floor", &json!({ "floor": floor }))?;
        self.request("admin", request)?.map(drop).map_err(|refused| refused.text.to_string())
    }

    fn pass(&mut self, span: Duration) -> Result<(), ActionError> {
        if span > PASS_MAX {
            return Err(format!("{span:?} is too long: at most {PASS_MAX:?} may pass at depth sockets"));
        }
        std::thread::sleep(span);
        Ok(())
    }

    fn callout(&mut self, callout: &Callout) -> Result<Response<Bytes>, ActionError> {
        let request = self.client(&callout.agent)?.ebs().callout(&callout.function, &callout.with);
        http::send(self.server.telephony, &request)
    }

    fn desk(&mut self, _: &AgentId, _: bool) -> Result<(), ActionError> {
        cannot(Depth::Sockets, "desk that can be opened and closed")
    }

    fn listener(&mut self, _: &AgentId, _: bool) -> Result<(), ActionError> {
        cannot(Depth::Sockets, "listener that closes")
    }

    fn network(&mut self, _: Network) -> Result<(), ActionError> {
        cannot(Depth::Sockets, "network between two hubs")
    }

    fn restart(&mut self) -> Result<(), ActionError> {
        cannot(Depth::Sockets, "switch that outlives the hub")
    }

    fn settle(&mut self) -> Result<(), ActionError> {
        let until = Instant::now() + PATIENCE;
        let mut before = self.pulse()?;
        loop {
            std::thread::sleep(QUIET);
            let pulse = self.pulse()?;
            if pulse == before && pulse.0 == self.events.last().0 {
                return Ok(());
            }
            if Instant::now() > until {
                return Err(format!("the world did not settle within {PATIENCE:?}"));
            }
            before = pulse;
        }
    }

    fn observe(&mut self) -> Result<Observation, ActionError> {
        let parse = |error: serde_json::Error| error.to_string();
        let history = self.get("/api/v1/history/interactions?limit=1000")?["items"].clone();
        let posts = self.clients.iter().map(|(agent, client)| (agent.clone(), client.posts()));
        Ok(Observation {
            posts: posts.collect(),
            phones: None,
            snapshot: serde_json::from_value(self.get("/api/v1/snapshot")?).map_err(parse)?,
            records: self.events.records()?,
            history: serde_json::from_value(history).map_err(parse)?,
            calls: control::items(&self.control(control::calls())?),
        })
    }

    fn patience(&self) -> Duration {
        PATIENCE
    }
}
