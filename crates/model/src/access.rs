//! Who may ask for what. The one place; every dialect and the native API come through here.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{AccountName, AgentId, Code, Rejection, VerbName};

/// What kind of account it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Works for itself only.
    Agent,
    /// Sees everybody; may send agents to and from work, and force the end of a call that the switch does not end.
    Supervisor,
    /// Sees and changes everything of the floor; does no agent's work.
    Admin,
    /// A peer system that speaks for the agents.
    Integration,
}

impl Role {
    /// Every role.
    pub const ALL: [Role; 4] = [Self::Agent, Self::Supervisor, Self::Admin, Self::Integration];

    /// Whether it sees the work of all agents.
    pub fn sees_all(self) -> bool {
        match self {
            Self::Agent => false,
            Self::Supervisor | Self::Admin | Self::Integration => true,
        }
    }
}

/// Who asks: somebody whose credentials were checked.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
pub struct Principal {
    /// The account.
    pub account: AccountName,
    /// What kind it is.
    pub role: Role,
    /// The agent that the account is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<AgentId>,
}

impl Principal {
    /// Whether it may see what concerns `agent`.
    pub fn sees(&self, agent: &AgentId) -> bool {
        self.role.sees_all() || self.agent.as_ref() == Some(agent)
    }
}

/// Says whether `by` may ask `verb` for `agent`. What is not allowed here is forbidden.
pub fn may(by: &Principal, verb: VerbName, agent: &AgentId) -> Result<(), Rejection> {
    let own = by.agent.as_ref() == Some(agent);
    let allowed = match by.role {
        Role::Agent => own && verb != VerbName::Notify,
        Role::Supervisor => (own && verb != VerbName::Notify) || steers(verb) || verb == VerbName::SetNotes,
        Role::Admin => steers(verb),
        Role::Integration => true,
    };
    if allowed {
        return Ok(());
    }
    let text = format!("account {} may not {} for agent {agent}", by.account, verb.word());
    Err(Rejection::new(Code::Forbidden, text))
}

/// What sends an agent to and from work, or frees one from a call that is over.
fn steers(verb: VerbName) -> bool {
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
            assert_eq!(may(&agent, verb, &own).is_ok(), verb != VerbName::Notify, "{verb:?}");
            assert_eq!(may(&agent, verb, &other).unwrap_err().code, Code::Forbidden, "{verb:?}");
        }
    }

    #[test]
    fn a_supervisor_writes_notes_for_others() {
        let other = AgentId::new("1002").unwrap();
        assert!(may(&principal(Role::Supervisor, None), VerbName::SetNotes, &other).is_ok());
        assert!(may(&principal(Role::Admin, None), VerbName::SetNotes, &other).is_err());
    }

    #[test]
    fn those_who_oversee_agents_may_free_one_from_a_call() {
        let agent = AgentId::new("1001").unwrap();
        for role in [Role::Supervisor, Role::Admin, Role::Integration] {
            assert!(may(&principal(role, None), VerbName::ForceEnd, &agent).is_ok(), "{role:?}");
        }
        assert!(may(&principal(Role::Agent, Some("1002")), VerbName::ForceEnd, &agent).is_err());
    }

    #[test]
    fn an_account_without_an_agent_takes_no_calls() {
        let agent = AgentId::new("1001").unwrap();
        for role in [Role::Agent, Role::Supervisor, Role::Admin] {
            assert!(may(&principal(role, None), VerbName::Answer, &agent).is_err(), "{role:?}");
        }
    }
}
