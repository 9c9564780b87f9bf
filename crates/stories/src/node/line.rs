//! One session of the node, with its inputs and outputs.

use cordboard_core::Input as CoreInput;
use hub::engine::{RequestQueue, SessionAction, SessionLoop, StartFrom, everybody};
use model::{AccountName, Code, Principal, Rejection, Role, Secret, SwitchId, Timestamp};
use session::{
    FromHub, Input, Login, PageOutput, Ticket, ToHttp,
    transport::any::{Any, AnySession, ToPeer},
};

use super::{LineId, Node, NodeOutput, Requester, SLOW_MS, Task};

/// The password of every account.
pub(crate) const PASSWORD: &str = "demo";

/// The account of a program that signs in at a session.
pub(crate) const PROGRAM: &str = "cti";

/// One session.
pub(super) struct Line {
    pub(super) session: SessionLoop<Any>,
    /// Requests that wait for the session, if it is a switch.
    pub(super) requests: RequestQueue,
    /// When the last input that was sent to it arrives. Inputs arrive in order.
    arrives: Timestamp,
}

impl Line {
    pub(super) fn new(
        switch: Option<SwitchId>,
        session: AnySession,
        requests_max: usize,
        now: Timestamp,
    ) -> Self {
        let (session, requests) = (SessionLoop::new(session, switch), RequestQueue::new(requests_max));
        Self { session, requests, arrives: now }
    }
}

impl Node {
    /// Sends an input to a session, after everything that is already on its way there.
    pub(super) fn feed(&mut self, line: LineId, input: Input<Any>) {
        self.on_its_way(line, Task::Feed(line, Box::new(input)));
    }

    /// Schedules a task for a session, after everything that is already on its way there.
    pub(super) fn on_its_way(&mut self, line: LineId, task: Task) {
        let at = self.now + self.latency.up_to(SLOW_MS);
        let arrives = at.max(self.lines[line].arrives);
        self.lines[line].arrives = arrives;
        self.schedule.note(arrives, task);
    }

    /// Gives one input to a session and carries out its actions.
    pub(super) fn handle(&mut self, line: LineId, input: Input<Any>) {
        self.lines[line].session.handle(self.now, input);
        while let Some(action) = self.lines[line].session.poll() {
            self.grant(line, action);
        }
        if let Some((at, reason)) = self.lines[line].session.deadline()
            && at < self.now
        {
            let text =
                format!("session {line} set a deadline ({reason}) at {at:?}, which is before {:?}", self.now);
            self.happened.push_back(NodeOutput::Broken(text));
        }
    }

    fn emit(&mut self, line: LineId, message: ToPeer) {
        self.happened.push_back(match message {
            ToPeer::Http(ToHttp::Response { exchange, response }) => {
                NodeOutput::Response { line, exchange, response }
            }
            ToPeer::Http(ToHttp::Request { exchange, request, timeouts }) => {
                NodeOutput::Request { line, exchange, request, timeouts }
            }
            ToPeer::Stream(message) => NodeOutput::Stream { line, message },
            ToPeer::Page(PageOutput { page, message }) => NodeOutput::Page { line, page, message },
        });
    }

    fn grant(&mut self, line: LineId, action: SessionAction<Any>) {
        match action {
            SessionAction::Peer(message) => self.emit(line, message),
            SessionAction::Subscribe => {
                self.add_reader(everybody(), Some(line), StartFrom::Snapshot);
            }
            SessionAction::Command(command) => {
                let requester = Requester::Line(line, command.id.clone());
                self.submit(CoreInput::Command(command), Some(requester));
            }
            SessionAction::Core(input) => self.submit(input, None),
            SessionAction::Authenticate { ticket, login, secret, .. } => {
                self.authenticate(line, ticket, &login, &secret)
            }
            SessionAction::Desk { agent, attended } => self.desk(agent, attended),
        }
    }

    fn authenticate(&mut self, line: LineId, ticket: Ticket, login: &Login, secret: &Secret) {
        let result = if secret.reveal() == PASSWORD {
            principal(login)
        } else {
            Err(Rejection::new(Code::Unauthenticated, "name or password is wrong"))
        };
        self.feed(line, Input::Hub(FromHub::Authenticated { ticket, result }));
    }
}

/// The principal of a login. Every agent of the floor has an account with the agent's ID as its name. [`PROGRAM`] is the account of a
/// program.
fn principal(login: &Login) -> Result<Principal, Rejection> {
    let name = match login {
        Login::Account(account) => account.as_str(),
        Login::Agent(agent) => agent.as_str(),
    };
    let bad = |error: model::NameError| Rejection::new(Code::Invalid, error.to_string());
    let account = AccountName::new(name).map_err(bad)?;
    if name == PROGRAM {
        return Ok(Principal { account, role: Role::Integration, agent: None });
    }
    let agent = Some(model::AgentId::new(name).map_err(bad)?);
    Ok(Principal { account, role: Role::Agent, agent })
}
