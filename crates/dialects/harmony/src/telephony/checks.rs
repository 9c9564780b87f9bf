//! Credential checks for the bridge.

use compact_str::CompactString;
use model::{AgentId, Code, DeviceId, Principal, Rejection, Secret};
use serde_json::Value;
use session::{Login, Ticket, ToHub};

use super::{RequestHeader, TelephonySession, objects::Session};
use crate::wire::{
    Create, Object,
    limits::{OPEN_MAX, SESSIONS_MAX},
    reply::Native,
};

/// An open credential check.
#[derive(Debug)]
pub(super) struct Check {
    header: RequestHeader,
    agent: AgentId,
    acd_id: CompactString,
    /// The session to create; `None` if only the credentials are checked.
    session: Option<(Create, Option<DeviceId>)>,
}

impl TelephonySession {
    /// Asks the hub to check credentials. All wrong credentials get the same text, so that nobody can find out which agents exist.
    pub(super) fn check(
        &mut self,
        header: RequestHeader,
        acd_id: CompactString,
        secret: Secret,
        session: Option<(Create, Option<DeviceId>)>,
    ) {
        if self.checks.len() >= OPEN_MAX {
            return self.respond(header, Err(format!("{OPEN_MAX} credentials wait to be checked already")));
        }
        let found = self
            .projection
            .floor
            .agent_at_acd(&acd_id)
            .map(|plan| plan.id.clone())
            .zip(self.connection.from());
        let Some((agent, from)) = found else {
            return self.respond(header, Err(refused(&acd_id)));
        };
        let ticket = self.out.ticket();
        self.checks.open(ticket, None, Check { header, agent: agent.clone(), acd_id, session });
        let login = Login::Agent(agent);
        self.out.push(ToHub::Authenticate { ticket, login, secret, from });
    }

    pub(super) fn checked(&mut self, ticket: Ticket, result: Result<Principal, Rejection>) {
        let Some(Check { header, agent, acd_id, session }) = self.checks.close(&ticket) else { return };
        let result = match (result, session) {
            (Err(rejection), _) => Err(refusal_text(&rejection, Some(&acd_id))),
            (Ok(_), None) => Ok(Value::Null),
            (Ok(by), Some((create, extension))) => self.begin(by, agent, &create, extension),
        };
        self.respond(header, result);
    }

    fn begin(
        &mut self,
        by: Principal,
        agent: AgentId,
        create: &Create,
        extension: Option<DeviceId>,
    ) -> Result<Value, String> {
        if self.objects.session_of(&agent).is_some() {
            return Err(format!("agent {} has a session already", create.native));
        }
        if self.objects.agents().len() >= SESSIONS_MAX {
            return Err(format!("the limit of {SESSIONS_MAX} sessions is reached"));
        }
        let native = Native { id: Some(agent.as_str().into()) }.print(&self.words);
        let session = Session { agent, by, extension, groups: Vec::new() };
        let control = self.control.clone();
        self.objects.put_session(create, &control, session);
        Ok(native)
    }
}

/// The failure text, which the bridge logs and may show to the agent. It does not say what is wrong with credentials, but it says when they
/// could not be checked.
pub(super) fn refusal_text(rejection: &Rejection, credentials_of: Option<&str>) -> String {
    let text = &rejection.text;
    let reason = match rejection.code {
        Code::TooMany | Code::Overloaded | Code::Unavailable | Code::Internal => return text.to_string(),
        Code::WrongState => format!("invalid state: {text}"),
        Code::Invalid
        | Code::Unauthenticated
        | Code::SecondFactorRequired
        | Code::Forbidden
        | Code::NotFound
        | Code::UnknownAgent
        | Code::UnknownInteraction
        | Code::UnknownQueue
        | Code::UnknownCode
        | Code::Ambiguous
        | Code::NotSignedIn
        | Code::DeviceInUse
        | Code::NumberRefused
        | Code::NotSupported
        | Code::SwitchUnavailable
        | Code::SwitchRefused
        | Code::LogRequired
        | Code::Conflict => text.to_string(),
    };
    credentials_of.map_or(reason, refused)
}

fn refused(acd_id: &str) -> String {
    format!("the credentials of agent {acd_id} are not accepted")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_wrong_with_credentials_is_called_so() {
        let refusal = |code| refusal_text(&Rejection::new(code, "come again"), Some("7001"));
        for code in [Code::Unauthenticated, Code::WrongState, Code::UnknownAgent] {
            assert_eq!(refusal(code), "the credentials of agent 7001 are not accepted");
        }
        for code in [Code::Overloaded, Code::TooMany, Code::Unavailable] {
            assert_eq!(refusal(code), "come again");
        }
    }

    #[test]
    fn other_rejections_are_sent_as_they_are() {
        let refusal = |code| refusal_text(&Rejection::new(code, "no call"), None);
        assert_eq!(refusal(Code::WrongState), "invalid state: no call");
        assert_eq!(refusal(Code::SwitchRefused), "no call");
    }
}
