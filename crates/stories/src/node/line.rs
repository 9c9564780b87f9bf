//! One session of the node, and what goes to and from it.

use cordboard_core::Input as CoreInput;
use hub::engine::{StartFrom, everybody};
use model::{AccountName, Code, Principal, Rejection, Role, Secret, SwitchId, Timestamp};
use session::{FromHub, Input, Login, Output, Session, Ticket, ToHub, ToPeer};

use super::{Asker, Happening, LineId, Node, Reader, SLOW_MS, Task};

/// The password of everybody.
pub(crate) const PASSWORD: &str = "demo";

/// The account of a program that signs in at a session.
pub(crate) const PROGRAM: &str = "cti";

/// One session.
pub(super) struct Line {
    pub(super) switch: Option<SwitchId>,
    pub(super) session: Box<dyn Session>,
    /// When the last thing that was sent to it arrives: nothing overtakes it.
    arrives: Timestamp,
}

impl Line {
    pub(super) fn new(switch: Option<SwitchId>, session: Box<dyn Session>, now: Timestamp) -> Self {
        Self { switch, session, arrives: now }
    }
}

impl Node {
    /// Sends something to a session, behind everything that is on its way there.
    pub(super) fn feed(&mut self, line: LineId, input: Input) {
        let at = self.now + self.latency.up_to(SLOW_MS);
        let arrives = at.max(self.lines[line].arrives);
        self.lines[line].arrives = arrives;
        self.agenda.note(arrives, Task::Feed(line, Box::new(input)));
    }

    /// Gives a session one thing, and does what it wants done.
    pub(super) fn hear(&mut self, line: LineId, input: Input) {
        self.lines[line].session.handle(self.now, input);
        while let Some(output) = self.lines[line].session.poll() {
            match output {
                Output::Hub(to_hub) => self.tell(line, to_hub),
                Output::Peer(to_peer) => self.send(line, to_peer),
            }
        }
        if let Some((at, reason)) = self.lines[line].session.deadline()
            && at < self.now
        {
            let text = format!("session {line} wants {reason} at {at:?}, which was before {:?}", self.now);
            self.happened.push_back(Happening::Broken(text));
        }
    }

    fn send(&mut self, line: LineId, to_peer: ToPeer) {
        self.happened.push_back(match to_peer {
            ToPeer::Response { exchange, response } => Happening::Response { line, exchange, response },
            ToPeer::Request { exchange, request, patience } => {
                Happening::Request { line, exchange, request, patience }
            }
            ToPeer::Connect { .. } | ToPeer::Send { .. } | ToPeer::Disconnect { .. } => {
                Happening::Stream { line, said: to_peer }
            }
            ToPeer::Page { page, say } => Happening::Page { line, page, say },
        });
    }

    fn tell(&mut self, line: LineId, to_hub: ToHub) {
        match to_hub {
            ToHub::Subscribe => {
                let reader = Reader::new(everybody(), Some(line), usize::MAX);
                self.add_reader(reader, StartFrom::Snapshot);
            }
            ToHub::Command(command) => {
                let asker = Asker::Line(line, command.id.clone());
                self.submit(CoreInput::Command(command), Some(asker));
            }
            ToHub::Authenticate { ticket, login, secret, .. } => {
                self.authenticate(line, ticket, &login, &secret)
            }
            ToHub::Notice { agent, interaction, notice } => {
                self.submit(CoreInput::Notice { agent, interaction, notice }, None);
            }
            ToHub::Desk { agent, attended } => self.desk(agent, attended),
            ToHub::Switch(event) => {
                if let Some(switch) = self.lines[line].switch.clone() {
                    self.submit(CoreInput::Switch { switch, event }, None);
                }
            }
            ToHub::SwitchAnswer { request, answer } => {
                if let Some(switch) = self.lines[line].switch.clone() {
                    self.submit(CoreInput::Answer { switch, request, answer }, None);
                }
            }
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

/// Every agent of the floor has an account of its own name; [`PROGRAM`] is a program's.
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
