//! What each callout does (uwq.md §4.4).

use std::net::SocketAddr;

use http::StatusCode;
use model::{AgentId, Code, DeviceId, Number, Principal, Rejection, Verb};
use session::{Exchange, ToHub};

use super::{
    Telephony,
    answers::{Ask, Check, rejected},
    outbox::Outbox,
    registration::{Client, Key, Registration},
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

    /// Replaces what was registered for the teleset, and what the agent was registered with elsewhere. An agent who was logged in from
    /// there stays so: EBS was started again.
    fn register(&mut self, client: Client, line: &Line, listener: SocketAddr) -> Result<(), Refusal> {
        let teleset = teleset(line)?;
        self.check_listener(client, listener)?;
        let agent = self.roster.agent(&line.agent).cloned();
        let elsewhere = agent.as_ref().and_then(|agent| self.registrations.of_agent(agent));
        let before = self.registrations.of_teleset(teleset.as_str());
        if before.is_none()
            && elsewhere.is_none()
            && self.registrations.len() >= self.config.registrations_max
        {
            let text = format!("{} clients are registered already", self.config.registrations_max);
            return Err(Refusal::new(Token::NotAllowed, text));
        }
        let login = before.and_then(|key| self.replace(key, client, line));
        if let Some(key) = elsewhere {
            self.drop_registration(key);
        }
        let key = Key(self.out.number());
        let registration = Registration {
            teleset,
            acd_id: line.agent.clone(),
            agent,
            client,
            listener,
            login,
            dialling: false,
            told: Default::default(),
            outbox: Outbox::default(),
            seen: self.out.now(),
            silence_at: None,
            stale: false,
        };
        self.registrations.insert(key, registration);
        self.watch(key);
        self.announce_live(key);
        Ok(())
    }

    /// Takes the earlier registration of a teleset away; gives its login when it is the same agent's at the same machine.
    fn replace(&mut self, key: Key, client: Client, line: &Line) -> Option<Principal> {
        let before = self.registrations.get(key)?;
        if before.acd_id != line.agent {
            self.drop_registration(key);
            return None;
        }
        let before = self.forget(key)?;
        before.login.filter(|_| before.client == client)
    }

    /// `Register` could aim our posts at anybody: only at the caller itself, or where the configuration says (uwq.md §9).
    fn check_listener(&self, client: Client, listener: SocketAddr) -> Result<(), Refusal> {
        let aimed = Client::of(listener.ip());
        let configured = self.config.event_hosts.iter().any(|host| Client::of(*host) == aimed);
        if aimed == client || configured {
            return Ok(());
        }
        let text = format!("events are not sent to {}: it is not the caller's own address", listener.ip());
        Err(Refusal::new(Token::NotAllowed, text))
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
        let key = self.find(client, line)?;
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
        let key = self.find(client, line)?;
        match self.logged_in(client, line) {
            Ok(LoggedIn { agent, by, .. }) => {
                self.command(by, agent, Verb::SignOut { reason: None }, Ask::Logout { exchange, key });
                Ok(None)
            }
            Err(_) => Ok(Some(())),
        }
    }

    fn unregister(&mut self, exchange: Exchange, client: Client, line: &Line) -> Result<Option<()>, Refusal> {
        if self.registrations.of_teleset(&line.teleset).is_none() {
            return Ok(Some(()));
        }
        let key = self.find(client, line)?;
        let registration = self.forget(key);
        match registration.and_then(|known| known.agent.zip(known.login)) {
            Some((agent, by)) => {
                self.command(by, agent, Verb::SignOut { reason: None }, Ask::Unregister { exchange });
                Ok(None)
            }
            None => Ok(Some(())),
        }
    }

    /// The registration of a line. A callout names no password, so it must come from where the registration came from.
    fn find(&mut self, client: Client, line: &Line) -> Result<Key, Refusal> {
        let not_registered =
            || Refusal::new(Token::NotRegistered, format!("teleset {} is not registered", line.teleset));
        let key = self.registrations.of_teleset(&line.teleset).ok_or_else(not_registered)?;
        let now = self.out.now();
        let registration = self.registrations.get_mut(key).ok_or_else(not_registered)?;
        if registration.client != client {
            let text = format!("teleset {} is registered from another address", line.teleset);
            return Err(Refusal::new(Token::NotAllowed, text));
        }
        if registration.acd_id != line.agent {
            let text = format!(
                "teleset {} is registered for agent {}, not {}",
                line.teleset, registration.acd_id, line.agent
            );
            return Err(Refusal::new(Token::AgentMismatch, text));
        }
        (registration.seen, registration.stale) = (now, false);
        Ok(key)
    }

    fn logged_in(&mut self, client: Client, line: &Line) -> Result<LoggedIn, Refusal> {
        let key = self.find(client, line)?;
        let who = self.registrations.get(key).and_then(|known| known.agent.clone().zip(known.login.clone()));
        match who {
            Some((agent, by)) => Ok(LoggedIn { key, agent, by }),
            None => Err(Refusal::new(Token::NotLoggedIn, format!("agent {} is not logged in", line.agent))),
        }
    }
}

fn teleset(line: &Line) -> Result<DeviceId, Refusal> {
    DeviceId::new(&line.teleset).map_err(|error| Refusal::new(Token::InvalidParameter, error.to_string()))
}
