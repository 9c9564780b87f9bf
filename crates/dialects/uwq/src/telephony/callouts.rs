//! Carries out callouts (uwq.md §4.4).

use std::net::SocketAddr;

use http::StatusCode;
use model::{AgentId, Code, Number, Principal, Rejection, Verb};
use session::{Exchange, ToHub};

use super::{
    TelephonySession,
    dials::PendingDial,
    registration::{Client, Key},
    requests::{PendingCommand, PendingLogin, rejected},
};
use crate::wire::{
    AgentLine, Callout, Function, Refusal, Token, accepted, fault, limits::CALLOUTS_OPEN_MAX, refused,
};

/// A logged-in agent, with the registration and the principal.
struct LoggedIn {
    key: Key,
    agent: AgentId,
    by: Principal,
}

/// Which registration of a line a callout means, if there are two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RegistrationChoice {
    /// The one without a login.
    Claim,
    /// The one with a login.
    Login,
}

impl TelephonySession {
    pub(super) fn callout(&mut self, exchange: Exchange, from: SocketAddr, callout: Callout) {
        if self.pending_commands.len() + self.pending_logins.len() >= CALLOUTS_OPEN_MAX {
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
                    self.pending_logins.insert(ticket, check);
                    let login = session::Login::Agent(agent);
                    let request = ToHub::Authenticate { ticket, login, secret: password, from };
                    self.out.push(request);
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
        Err(Refusal::new(Token::NotRegistered, "no client is registered from this address"))
    }

    fn login(
        &mut self,
        exchange: Exchange,
        client: Client,
        line: &AgentLine,
        queue: Option<&str>,
    ) -> Result<(PendingLogin, AgentId), Refusal> {
        let key = self.find(client, line, RegistrationChoice::Claim)?;
        let refused = || rejected(&line.agent, &Rejection::new(Code::UnknownAgent, "unknown agent"));
        let agent = self.registrations.get(key).and_then(|known| known.agent.clone()).ok_or_else(refused)?;
        let queues = match queue.map(|name| self.roster.queue(name).ok_or(name)) {
            None => None,
            Some(Ok(queue)) => Some(vec![queue]),
            Some(Err(name)) => {
                return Err(Refusal::new(Token::LoginFailed, format!("queue {name} is not defined")));
            }
        };
        Ok((PendingLogin { exchange, key, queues }, agent))
    }

    fn steer(
        &mut self,
        exchange: Exchange,
        client: Client,
        line: &AgentLine,
        function: Function,
    ) -> Result<Option<()>, Refusal> {
        let LoggedIn { agent, by, .. } = self.logged_in(client, line)?;
        let verb = if function == Function::Ready { Verb::Ready } else { Verb::NotReady { reason: None } };
        self.command(by, agent, verb, PendingCommand::Plain { exchange, function });
        Ok(None)
    }

    fn dial(
        &mut self,
        exchange: Exchange,
        client: Client,
        line: &AgentLine,
        dial_string: &str,
    ) -> Result<Option<()>, Refusal> {
        let LoggedIn { key, agent, by } = self.logged_in(client, line)?;
        let to = Number::new(dial_string)
            .map_err(|error| Refusal::new(Token::InvalidParameter, error.to_string()))?;
        if let Some(registration) = self.registrations.get_mut(key) {
            if registration.dialling {
                return Err(Refusal::new(Token::InvalidState, "another call is already being set up"));
            }
            registration.dialling = true;
        }
        let verb = Verb::Dial { to, data: model::Data::new() };
        let command = self.command(by, agent, verb, PendingCommand::Dial);
        self.dials.insert(command, PendingDial { exchange, key, request: None });
        Ok(None)
    }

    /// Logs out. The password is not checked, because the client has already logged in with it.
    fn logout(
        &mut self,
        exchange: Exchange,
        client: Client,
        line: &AgentLine,
    ) -> Result<Option<()>, Refusal> {
        self.find(client, line, RegistrationChoice::Login)?;
        match self.logged_in(client, line) {
            Ok(LoggedIn { key, agent, by }) => {
                self.command(
                    by,
                    agent,
                    Verb::SignOut { reason: None },
                    PendingCommand::Logout { exchange, key },
                );
                Ok(None)
            }
            Err(_) => Ok(Some(())),
        }
    }

    fn unregister(
        &mut self,
        exchange: Exchange,
        client: Client,
        line: &AgentLine,
    ) -> Result<Option<()>, Refusal> {
        match self.find(client, line, RegistrationChoice::Login) {
            Err(refusal) if refusal.token == Token::NotRegistered => return Ok(Some(())),
            Err(refusal) => return Err(refusal),
            Ok(_) => {}
        }
        let keys: Vec<Key> = self.registrations.of_line(client, line).map(|(key, _)| key).collect();
        let ended = keys.into_iter().filter_map(|key| self.forget(key));
        let logins: Vec<_> = ended.filter_map(|known| known.agent.zip(known.login)).collect();
        // Only the proven registration has a login.
        match logins.into_iter().next() {
            Some((agent, by)) => {
                self.command(
                    by,
                    agent,
                    Verb::SignOut { reason: None },
                    PendingCommand::Unregister { exchange },
                );
                Ok(None)
            }
            None => Ok(Some(())),
        }
    }

    /// The registration of a line. A callout has no password, so it must come from the same address as the registration.
    fn find(&mut self, client: Client, line: &AgentLine, choice: RegistrationChoice) -> Result<Key, Refusal> {
        let (mut proven, mut claim) = (None, None);
        for (key, registration) in self.registrations.of_line(client, line) {
            if registration.is_proven() { proven = Some(key) } else { claim = Some(key) }
        }
        let found = match choice {
            RegistrationChoice::Claim => claim.or(proven),
            RegistrationChoice::Login => proven.or(claim),
        };
        let key = found.ok_or_else(|| self.not_found(client, line))?;
        let now = self.out.now();
        if let Some(registration) = self.registrations.get_mut(key) {
            registration.seen = now;
        }
        Ok(key)
    }

    /// Why a line has no registration here. Registrations from other addresses without a login do not matter.
    fn not_found(&self, client: Client, line: &AgentLine) -> Refusal {
        let AgentLine { teleset, agent } = line;
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

    fn logged_in(&mut self, client: Client, line: &AgentLine) -> Result<LoggedIn, Refusal> {
        let key = self.find(client, line, RegistrationChoice::Login)?;
        let who = self.registrations.get(key).and_then(|known| known.agent.clone().zip(known.login.clone()));
        match who {
            Some((agent, by)) => Ok(LoggedIn { key, agent, by }),
            None => Err(Refusal::new(Token::NotLoggedIn, format!("agent {} is not logged in", line.agent))),
        }
    }
}
