//! Turns the hub's answers into answers for EBS.

use model::{Accepted, Code, CommandId, Principal, QueueId, Rejection, Verb};
use session::{Exchange, Ticket};

use super::{TelephonySession, registration::Key};
use crate::wire::{Function, Refusal, Token};

/// The purpose of a command.
#[derive(Debug)]
pub(super) enum PendingCommand {
    /// A login with the right password.
    SignIn { exchange: Exchange, key: Key, by: Principal },
    /// A callout that needs no further action.
    Plain { exchange: Exchange, function: Function },
    /// A call to make, whose answer follows from the answer of the switch.
    Dial,
    /// A logout.
    Logout { exchange: Exchange, key: Key },
    /// A logout by `Unregister`; the registration is already removed.
    Unregister { exchange: Exchange },
    /// An action of the session itself, without a callout.
    NoReply,
}

/// The purpose of a credential check.
#[derive(Debug)]
pub(super) struct PendingLogin {
    pub(super) exchange: Exchange,
    pub(super) key: Key,
    pub(super) queues: Option<Vec<QueueId>>,
}

impl TelephonySession {
    pub(super) fn checked(&mut self, ticket: Ticket, result: Result<Principal, Rejection>) {
        let Some(PendingLogin { exchange, key, queues }) = self.pending_logins.remove(&ticket) else {
            return;
        };
        let Some(registration) = self.registrations.get(key) else {
            return self.refuse(exchange, &gone());
        };
        let (acd_id, teleset) = (registration.acd_id.clone(), registration.teleset.clone());
        match (result, registration.agent.clone()) {
            (Ok(by), Some(agent)) => {
                self.free_teleset(key);
                let verb = Verb::SignIn { device: Some(teleset), queues };
                self.command(by.clone(), agent, verb, PendingCommand::SignIn { exchange, key, by });
            }
            (Ok(_), None) => self.refuse(exchange, &gone()),
            (Err(rejection), _) => self.refuse(exchange, &rejected(&acd_id, &rejection)),
        }
    }

    pub(super) fn answered(&mut self, command: &CommandId, result: Result<Accepted, Rejection>) {
        let result = result.map(drop);
        match self.pending_commands.remove(command) {
            Some(PendingCommand::SignIn { exchange, key, by }) => self.signed_in(exchange, key, by, result),
            Some(PendingCommand::Plain { exchange, function }) => self.reply(exchange, function, result),
            Some(PendingCommand::Dial) => self.dial_answered(command, result),
            Some(PendingCommand::Logout { exchange, key }) => {
                let result = signed_out_is_success(result);
                if let (Ok(()), Some(registration)) = (&result, self.registrations.get_mut(key)) {
                    registration.login = None;
                }
                self.reply(exchange, Function::Logout, result);
            }
            Some(PendingCommand::Unregister { exchange }) => {
                self.reply(exchange, Function::Unregister, signed_out_is_success(result));
            }
            Some(PendingCommand::NoReply) | None => {}
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

    pub(super) fn reply(&mut self, exchange: Exchange, function: Function, result: Result<(), Rejection>) {
        match result {
            Ok(()) => self.accept(exchange),
            Err(rejection) => self.refuse(exchange, &Refusal::of(function, &rejection)),
        }
    }
}

/// An agent who is not signed in counts as signed out.
fn signed_out_is_success(result: Result<(), Rejection>) -> Result<(), Rejection> {
    match result {
        Err(rejection) if rejection.code == Code::NotSignedIn => Ok(()),
        other => other,
    }
}

/// The refusal of a login. All wrong credentials get the same text, so that nobody can find out which agents exist.
pub(super) fn rejected(acd_id: &str, rejection: &Rejection) -> Refusal {
    let refusal = Refusal::of(Function::Login, rejection);
    match refusal.token == Token::LoginFailed {
        true => Refusal::new(Token::LoginFailed, format!("ACD rejected agent {acd_id}")),
        false => refusal,
    }
}

fn gone() -> Refusal {
    Refusal::new(Token::NotRegistered, "the registration was removed in the meantime")
}
