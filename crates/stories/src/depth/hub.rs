//! One hub on a virtual clock: its node, the answers that it has given, and its simulated switch.

use std::{
    collections::BTreeMap,
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
};

use bytes::Bytes;
use cordboard_core::invariants;
use http::{Request, Response};
use hub::engine::everybody;
use model::{Accepted, Record, Rejection, SwitchId, Timestamp};
use serde_json::Value;
use session::{Exchange, FromHttp, transport::any::AnySession};
use store::{InteractionQuery, LIMIT_MAX, Reader as _, memory::Memory};

use super::{ActionError, Observation, SWITCH, control};
use crate::node::{Latency, Limits, LineId, Node, NodeOutput};

/// The time at which stories begin. Milliseconds since 1970.
pub(super) const BEGINNING: Timestamp = Timestamp(1_700_000_000_000);

/// One hub on a virtual clock. The session of its switch is the first one.
#[derive(Default)]
pub(super) struct Hub {
    memory: Memory,
    node: Option<Node>,
    /// How many nodes have been started. This is the seed of the node's IDs.
    pub(super) life: u64,
    /// The last number that was given to an exchange or a command.
    requests: u64,
    responses: BTreeMap<(LineId, Exchange), Response<Bytes>>,
    answers: BTreeMap<u64, Result<Accepted, Rejection>>,
    records: Vec<Arc<Record>>,
    broken: Option<ActionError>,
}

impl Hub {
    /// The line of the switch's session.
    pub(super) const SWITCH_LINE: LineId = 0;

    /// Starts a node and attaches its switch. The node continues with what an earlier one has stored.
    pub(super) fn start(&mut self, now: Timestamp, switch: AnySession) -> Result<(), ActionError> {
        self.life += 1;
        let node = Node::start(&self.memory, now, self.life, Latency::None, Limits::default());
        let mut node = node.map_err(|error| error.to_string())?;
        let id = SwitchId::new(SWITCH).map_err(|error| error.to_string())?;
        node.attach(Some(id), switch);
        self.node = Some(node);
        Ok(())
    }

    /// Ends the node as a kill does. Returns its time and its sessions.
    pub(super) fn kill(&mut self) -> Result<(Timestamp, Vec<AnySession>), ActionError> {
        let node = self.node.take().ok_or("the node is down")?;
        Ok((node.now(), node.kill()))
    }

    pub(super) fn node(&mut self) -> Result<&mut Node, ActionError> {
        self.node.as_mut().ok_or_else(|| "the node is down".to_owned())
    }

    /// Sends an HTTP request to a session. [`Hub::response`] returns the answer when it has arrived.
    pub(super) fn request(&mut self, line: LineId, request: Request<Bytes>) -> Result<Exchange, ActionError> {
        let exchange = Exchange(self.number());
        let from = SocketAddr::from((Ipv4Addr::LOCALHOST, 50_000));
        self.node()?.send(line, FromHttp::Request { exchange, from, request });
        Ok(exchange)
    }

    pub(super) fn response(
        &mut self,
        line: LineId,
        exchange: Exchange,
    ) -> Result<Response<Bytes>, ActionError> {
        self.responses.remove(&(line, exchange)).ok_or_else(|| "a request was not answered".to_owned())
    }

    /// Returns a new number for a command or a floor. [`Hub::answer`] returns the answer to it.
    pub(super) fn number(&mut self) -> u64 {
        self.requests += 1;
        self.requests
    }

    pub(super) fn answer(&mut self, number: u64) -> Option<Result<Accepted, Rejection>> {
        self.answers.remove(&number)
    }

    /// Runs the next step that is due until a time. Returns `false` if there is none.
    pub(super) fn step(&mut self, until: Timestamp) -> Result<bool, ActionError> {
        let node = self.node()?;
        if node.next().is_none_or(|at| at > until) {
            return Ok(false);
        }
        node.step();
        match invariants::check(node.core().state()).first() {
            Some(broken) => Err(format!("{} does not hold: {}", broken.name, broken.what)),
            None => Ok(true),
        }
    }

    /// Advances the clock without a step.
    pub(super) fn wait(&mut self, until: Timestamp) -> Result<(), ActionError> {
        self.node()?.wait(until);
        self.broken.take().map_or(Ok(()), Err)
    }

    /// The next output that is for the network. Other outputs are stored here.
    pub(super) fn sent(&mut self) -> Result<Option<NodeOutput>, ActionError> {
        while let Some(happening) = self.node()?.happened() {
            match happening {
                NodeOutput::Answered { requester, result } => drop(self.answers.insert(requester, result)),
                NodeOutput::Committed(records) => self.records.extend(records),
                NodeOutput::Response { line, exchange, response } => {
                    drop(self.responses.insert((line, exchange), response));
                }
                NodeOutput::Failed(error) => return Err(error.to_string()),
                NodeOutput::Broken(text) => self.broken = Some(text),
                sent @ (NodeOutput::Request { .. } | NodeOutput::Stream { .. } | NodeOutput::Page { .. }) => {
                    return Ok(Some(sent));
                }
            }
        }
        Ok(None)
    }

    /// The visible state of the hub, with the calls of its switch.
    pub(super) fn observe(&mut self, calls: &Value) -> Result<Observation, ActionError> {
        let records = self.records.clone();
        let node = self.node()?;
        let query = InteractionQuery { limit: LIMIT_MAX, ..InteractionQuery::default() };
        let history = node.store().interactions(&query).map_err(|error| error.to_string())?;
        let snapshot = node.core().snapshot(node.now(), &everybody());
        let (calls, posts) = (control::items(calls), BTreeMap::new());
        Ok(Observation { snapshot, records, history, calls, posts, phones: None })
    }
}
