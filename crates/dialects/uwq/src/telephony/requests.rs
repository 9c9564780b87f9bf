//! What the hub's answers are for, and what EBS is told of them.

use model::{Accepted, Code, CommandId, Principal, QueueId, Rejection, Verb};
use session::{Exchange, Ticket};

use super::{Telephony, registration::Key};
use crate::wire::{Function, Refusal, Token};

/// What the answer to a command is for.
#[derive(Debug)]
pub(super) enum Ask {
    /// A login of which the password was right.
    SignIn { exchange: Exchange, key: Key, by: Principal },
    /// A callout of which nothing is to be remembered.
    Plain { exchange: Exchange, function: Function },
    /// A call to be made.
    Dial { exchange: Exchange, key: Key },
    /// A logout.
    Logout { exchange: Exchange, key: Key },
    /// A logout with which the registration went.
    Unregister { exchange: Exchange },
    /// No callout: what the protocol wants done by itself.
    Unasked,
}

/// What the answer about credentials is for.
#[derive(Debug)]
pub(super) struct Check {
    pub(super) exchange: Exchange,
    pub(super) key: Key,
    pub(super) queues: Option<Vec<QueueId>>,
}

impl Telephony {
    pub(super) fn checked(&mut self, ticket: Ticket, result: Result<Principal, Rejection>) {
        let Some(Check { exchange, key, queues }) = self.checks.remove(&ticket) else { return };
        let Some(registration) = self.registrations.get(key) else {
            return self.refuse(exchange, &gone());
        };
        let (acd_id, teleset) = (registration.acd_id.clone(), registration.teleset.clone());
        match (result, registration.agent.clone()) {
            (Ok(by), Some(agent)) => {
                self.free_teleset(key);
                let verb = Verb::SignIn { device: Some(teleset), queues };
                self.command(by.clone(), agent, verb, Ask::SignIn { exchange, key, by });
            }
            (Ok(_), None) => self.refuse(exchange, &gone()),
            (Err(rejection), _) => self.refuse(exchange, &rejected(&acd_id, &rejection)),
        }
    }

    pub(super) fn answered(&mut self, command: &CommandId, result: Result<Accepted, Rejection>) {
        let result = result.map(drop);
        match self.asks.remove(command) {
            Some(Ask::SignIn { exchange, key, by }) => self.signed_in(exchange, key, by, result),
            Some(Ask::Plain { exchange, function }) => self.reply(exchange, function, result),
            Some(Ask::Dial { exchange, key }) => {
                if let Some(registration) = self.registrations.get_mut(key) {
                    registration.dialling = false;
                }
                self.reply(exchange, Function::MakeCall, result);
            }
            Some(Ask::Logout { exchange, key }) => {
                let result = gone_is_done(result);
                if let (Ok(()), Some(registration)) = (&result, self.registrations.get_mut(key)) {
                    registration.login = None;
                }
                self.reply(exchange, Function::Logout, result);
            }
            Some(Ask::Unregister { exchange }) => {
                self.reply(exchange, Function::Unregister, gone_is_done(result));
            }
            Some(Ask::Unasked) | None => {}
        }
    }

    fn signed_in(&mut self, exchange: Exchange, key: Key, by: Principal, result: Result<(), Rejection>) {
        if result.is_ok() {
            self.prove(key);
        }
        match self.registrations.get_mut(key) {
            Some(registration) if result.is_ok() => {
                let first = registration.login.replace(by).is_none();
                registration.stale = false;
                if first {
                    self.announce(key, true);
                }
                self.reply(exchange, Function::Login, result);
            }
            Some(_) => self.reply(exchange, Function::Login, result),
            None => self.refuse(exchange, &gone()),
        }
    }

    fn reply(&mut self, exchange: Exchange, function: Function, result: Result<(), Rejection>) {
        match result {
            Ok(()) => self.accept(exchange),
            Err(rejection) => self.refuse(exchange, &Refusal::of(function, &rejection)),
        }
    }
}

/// An agent who is not at work has left already.
fn gone_is_done(result: Result<(), Rejection>) -> Result<(), Rejection> {
    match result {
        Err(rejection) if rejection.code == Code::NotSignedIn => Ok(()),
        other => other,
    }
}

/// Whatever is wrong with the credentials, EBS is told the same: no one learns which agents there are.
pub(super) fn rejected(acd_id: &str, rejection: &Rejection) -> Refusal {
    let refusal = Refusal::of(Function::Login, rejection);
    match refusal.token == Token::LoginFailed {
        true => Refusal::new(Token::LoginFailed, format!("ACD rejected agent {acd_id}")),
        false => refusal,
    }
}

fn gone() -> Refusal {
    Refusal::new(Token::NotRegistered, "the registration was taken back meanwhile")
}
