//! Permissions: which role can send which command. All dialects and the native API use this code.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{AccountName, AgentId, Code, Rejection, VerbName};

/// The role of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Can act only for the account's own agent.
    Agent,
    /// Sees all agents. Can set agents ready or not ready, sign them out, write their notes, and force the end of a
    /// call.
    Supervisor,
    /// Manages the floor and sees all agents. Does no agent's work.
    Admin,
    /// A peer system that acts for all agents.
    Integration,
}

impl Role {
    /// All roles.
    pub const ALL: [Role; 4] = [Self::Agent, Self::Supervisor, Self::Admin, Self::Integration];

    /// Whether the role sees the work of all agents.
    pub fn sees_all(self) -> bool {
        match self {
            Self::Agent => false,
            Self::Supervisor | Self::Admin | Self::Integration => true,
        }
    }
}

/// What an API token may be used for. Its role limits it too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// Read the current state, the floor and the directory of colleagues, and follow events.
    Read,
    /// Send commands.
    Commands,
    /// Read contacts, and change them if the role may.
    Contacts,
    /// Read completed interactions, times of agents and waits.
    History,
}

impl Scope {
    /// All scopes.
    pub const ALL: [Scope; 4] = [Self::Read, Self::Commands, Self::Contacts, Self::History];

    /// The name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Commands => "commands",
            Self::Contacts => "contacts",
            Self::History => "history",
        }
    }
}

/// An authenticated account.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
pub struct Principal {
    /// The name of the account.
    pub account: AccountName,
    /// The role of the account.
    pub role: Role,
    /// The agent that the account belongs to; absent when it belongs to none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<AgentId>,
}

impl Principal {
    /// Whether the account can see information about `agent`.
    pub fn sees(&self, agent: &AgentId) -> bool {
        self.role.sees_all() || self.agent.as_ref() == Some(agent)
    }
}

/// Checks whether the account `by` can send `verb` for `agent`. Everything that is not allowed here is forbidden.
pub fn authorize(by: &Principal, verb: VerbName, agent: &AgentId) -> Result<(), Rejection> {
    let own = by.agent.as_ref() == Some(agent);
    let allowed = match by.role {
        Role::Agent => own && verb != VerbName::Notify,
        Role::Supervisor => {
            (own && verb != VerbName::Notify) || is_supervision(verb) || verb == VerbName::SetNotes
        }
        Role::Admin => is_supervision(verb),
        Role::Integration => true,
    };
    if allowed {
        return Ok(());
    }
    let text = format!("account {} is not allowed to use {} for agent {agent}", by.account, verb.as_str());
    Err(Rejection::new(Code::Forbidden, text))
}

/// Whether the verb manages another agent: signs out, sets ready or not ready, or forces the end of a call.
fn is_supervision(verb: VerbName) -> bool {
    match verb {
        VerbName::SignOut | VerbName::Ready | VerbName::NotReady | VerbName::ForceEnd => true,
        VerbName::SignIn
        | VerbName::Dial
        | VerbName::Answer
        | VerbName::Reject
        | VerbName::HangUp
        | VerbName::Hold
        | VerbName::Resume
        | VerbName::Mute
        | VerbName::Mask
        | VerbName::Record
        | VerbName::SendDigits
        | VerbName::Transfer
        | VerbName::Consult
        | VerbName::Alternate
        | VerbName::CompleteTransfer
        | VerbName::Merge
        | VerbName::CancelConsult
        | VerbName::SetData
        | VerbName::SetContact
        | VerbName::SetCard
        | VerbName::Log
        | VerbName::SetNotes
        | VerbName::Complete
        | VerbName::Notify => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn principal(role: Role, agent: Option<&str>) -> Principal {
        let account = AccountName::new("somebody").unwrap();
        Principal { account, role, agent: agent.map(|id| AgentId::new(id).unwrap()) }
    }

    #[test]
    fn an_agent_works_for_itself_only() {
        let (own, other) = (AgentId::new("1001").unwrap(), AgentId::new("1002").unwrap());
        let agent = principal(Role::Agent, Some("1001"));
        for verb in VerbName::ALL {
            assert_eq!(authorize(&agent, verb, &own).is_ok(), verb != VerbName::Notify, "{verb:?}");
            assert_eq!(authorize(&agent, verb, &other).unwrap_err().code, Code::Forbidden, "{verb:?}");
        }
    }

    #[test]
    fn a_supervisor_writes_notes_for_others() {
        let other = AgentId::new("1002").unwrap();
        assert!(authorize(&principal(Role::Supervisor, None), VerbName::SetNotes, &other).is_ok());
        assert!(authorize(&principal(Role::Admin, None), VerbName::SetNotes, &other).is_err());
    }

    #[test]
    fn those_who_oversee_agents_may_free_one_from_a_call() {
        let agent = AgentId::new("1001").unwrap();
        for role in [Role::Supervisor, Role::Admin, Role::Integration] {
            assert!(authorize(&principal(role, None), VerbName::ForceEnd, &agent).is_ok(), "{role:?}");
        }
        assert!(authorize(&principal(Role::Agent, Some("1002")), VerbName::ForceEnd, &agent).is_err());
    }

    #[test]
    fn an_account_without_an_agent_takes_no_calls() {
        let agent = AgentId::new("1001").unwrap();
        for role in [Role::Agent, Role::Supervisor, Role::Admin] {
            assert!(authorize(&principal(role, None), VerbName::Answer, &agent).is_err(), "{role:?}");
        }
    }
}
