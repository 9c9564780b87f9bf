//! What each callout does (uwq.md §4.4).

use std::net::SocketAddr;

use http::StatusCode;
use model::{AgentId, Code, Number, Principal, Rejection, Verb};
use session::{Exchange, ToHub};

use super::{
    Telephony,
    registration::{Client, Key},
    requests::{Ask, Check, rejected},
};
use crate::wire::{
    Callout, Function, Line, Refusal, Token, accepted, fault, limits::CALLOUTS_OPEN_MAX, refused,
};

/// An agent who is logged in: whose registration, and as whom.
struct LoggedIn {
    key: Key,
    agent: AgentId,
    by: Principal,
}

/// Which registration of a line a callout is for, when there are two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seek {
    /// The one that is yet to be proven.
    Claim,
    /// The one that the agent has logged in at.
    Login,
}

impl Telephony {
    pub(super) fn callout(&mut self, exchange: Exchange, from: SocketAddr, callout: Callout) {
        if self.asks.len() + self.checks.len() >= CALLOUTS_OPEN_MAX {
            let text = "UnexpectedError: too many callouts are open";
            return self.out.respond(exchange, fault(StatusCode::SERVICE_UNAVAILABLE, text));
        }
        let client = Client::of(from.ip());
        let done = match callout {
            Callout::Register { line, listener } => self.register(client, &line, listener).map(Some),
            Callout::CheckStatus => self.check_status(client).map(Some),
            Callout::Unregister(line) => self.unregister(exchange, client, &line),
            Callout::Logout { line, .. } => self.logout(exchange, client, &line),
            Callout::Ready(line) => self.steer(exchange, client, &line, Function::Ready),
            Callout::NotReady(line) => self.steer(exchange, client, &line, Function::NotReady),
            Callout::MakeCall { line, dial_string } => self.dial(exchange, client, &line, &dial_string),
            Callout::DialCanonical { line, number } => self.dial(exchange, client, &line, &number),
            Callout::Login { line, password, queue } => {
                self.login(exchange, client, &line, queue.as_deref()).map(|(check, agent)| {
                    let ticket = self.out.ticket();
                    self.checks.insert(ticket, check);
                    let login = session::Login::Agent(agent);
                    let asked = ToHub::Authenticate { ticket, login, secret: password, from };
                    self.out.say(asked);
                    None
                })
            }
        };
        match done {
            Ok(Some(())) => self.accept(exchange),
            Ok(None) => {}
            Err(refusal) => self.refuse(exchange, &refusal),
        }
    }

    pub(super) fn accept(&mut self, exchange: Exchange) {
        self.out.respond(exchange, accepted(self.config.success_body, self.config.keep_alive));
    }

    pub(super) fn refuse(&mut self, exchange: Exchange, refusal: &Refusal) {
        self.out.respond(exchange, refused(refusal, self.config.keep_alive));
    }

    fn check_status(&mut self, client: Client) -> Result<(), Refusal> {
        if self.registrations.check_in(client, self.out.now()) {
            return Ok(());
        }
        Err(Refusal::new(Token::NotRegistered, "nobody is registered from this address"))
    }

    fn login(
        &mut self,
        exchange: Exchange,
        client: Client,
        line: &Line,
        queue: Option<&str>,
    ) -> Result<(Check, AgentId), Refusal> {
        let key = self.find(client, line, Seek::Claim)?;
        let refused = || rejected(&line.agent, &Rejection::new(Code::UnknownAgent, "no such agent"));
        let agent = self.registrations.get(key).and_then(|known| known.agent.clone()).ok_or_else(refused)?;
        let queues = match queue.map(|name| self.roster.queue(name).ok_or(name)) {
            None => None,
            Some(Ok(queue)) => Some(vec![queue]),
            Some(Err(name)) => {
                return Err(Refusal::new(Token::LoginFailed, format!("there is no queue {name}")));
            }
        };
        Ok((Check { exchange, key, queues }, agent))
    }

    fn steer(
        &mut self,
        exchange: Exchange,
        client: Client,
        line: &Line,
        function: Function,
    ) -> Result<Option<()>, Refusal> {
        let LoggedIn { agent, by, .. } = self.logged_in(client, line)?;
        let verb = if function == Function::Ready { Verb::Ready } else { Verb::NotReady { reason: None } };
        self.command(by, agent, verb, Ask::Plain { exchange, function });
        Ok(None)
    }

    fn dial(
        &mut self,
        exchange: Exchange,
        client: Client,
        line: &Line,
        dial_string: &str,
    ) -> Result<Option<()>, Refusal> {
        let LoggedIn { key, agent, by } = self.logged_in(client, line)?;
        let to = Number::new(dial_string)
            .map_err(|error| Refusal::new(Token::InvalidParameter, error.to_string()))?;
        if let Some(registration) = self.registrations.get_mut(key) {
            if registration.dialling {
                return Err(Refusal::new(Token::InvalidState, "a call is being set up already"));
            }
            registration.dialling = true;
        }
        let verb = Verb::Dial { to, data: model::Data::new() };
        self.command(by, agent, verb, Ask::Dial { exchange, key });
        Ok(None)
    }

    /// The password that comes with it is not looked at: the client has logged in with it.
    fn logout(&mut self, exchange: Exchange, client: Client, line: &Line) -> Result<Option<()>, Refusal> {
        self.find(client, line, Seek::Login)?;
        match self.logged_in(client, line) {
            Ok(LoggedIn { key, agent, by }) => {
                self.command(by, agent, Verb::SignOut { reason: None }, Ask::Logout { exchange, key });
                Ok(None)
            }
            Err(_) => Ok(Some(())),
        }
    }

    fn unregister(&mut self, exchange: Exchange, client: Client, line: &Line) -> Result<Option<()>, Refusal> {
        match self.find(client, line, Seek::Login) {
            Err(refusal) if refusal.token == Token::NotRegistered => return Ok(Some(())),
            Err(refusal) => return Err(refusal),
            Ok(_) => {}
        }
        let keys: Vec<Key> = self.registrations.of_line(client, line).map(|(key, _)| key).collect();
        let ended = keys.into_iter().filter_map(|key| self.forget(key));
        let logins: Vec<_> = ended.filter_map(|known| known.agent.zip(known.login)).collect();
        // Only the proven one has a login.
        match logins.into_iter().next() {
            Some((agent, by)) => {
                self.command(by, agent, Verb::SignOut { reason: None }, Ask::Unregister { exchange });
                Ok(None)
            }
            None => Ok(Some(())),
        }
    }

    /// The registration of a line. A callout names no password, so it must come from where the registration came from.
    fn find(&mut self, client: Client, line: &Line, seek: Seek) -> Result<Key, Refusal> {
        let (mut proven, mut claim) = (None, None);
        for (key, registration) in self.registrations.of_line(client, line) {
            if registration.is_proven() { proven = Some(key) } else { claim = Some(key) }
        }
        let found = match seek {
            Seek::Claim => claim.or(proven),
            Seek::Login => proven.or(claim),
        };
        let key = found.ok_or_else(|| self.not_found(client, line))?;
        let now = self.out.now();
        if let Some(registration) = self.registrations.get_mut(key) {
            registration.seen = now;
        }
        Ok(key)
    }

    /// Why a line has no registration here. Claims that others make for it elsewhere change nothing.
    fn not_found(&self, client: Client, line: &Line) -> Refusal {
        let Line { teleset, agent } = line;
        let mut here = self.registrations.of_teleset(teleset).filter(|(_, known)| known.client == client);
        if let Some((_, known)) = here.next() {
            let text = format!("teleset {teleset} is registered for agent {}, not {agent}", known.acd_id);
            return Refusal::new(Token::AgentMismatch, text);
        }
        if self.registrations.of_teleset(teleset).any(|(_, known)| known.is_proven()) {
            let text = format!("teleset {teleset} is registered from another address");
            return Refusal::new(Token::NotAllowed, text);
        }
        Refusal::new(Token::NotRegistered, format!("teleset {teleset} is not registered"))
    }

    fn logged_in(&mut self, client: Client, line: &Line) -> Result<LoggedIn, Refusal> {
        let key = self.find(client, line, Seek::Login)?;
        let who = self.registrations.get(key).and_then(|known| known.agent.clone().zip(known.login.clone()));
        match who {
            Some((agent, by)) => Ok(LoggedIn { key, agent, by }),
            None => Err(Refusal::new(Token::NotLoggedIn, format!("agent {} is not logged in", line.agent))),
        }
    }
}
