//! The part of the handle for API tokens and sign-ins.

use std::collections::BTreeSet;

use model::{AccountName, AgentId, Code, Principal, Rejection, Role, Scope, Secret, Timestamp};
use serde_json::json;
use store::{Actor, ApiToken, AuditAction};

use super::handle::Handle;
use crate::auth::{SignInSession, make_api_token, token_account};

/// The longest life of an API token. Milliseconds. Our choice: a year, so that a forgotten one ends.
const API_TOKEN_LIFE_MS_MAX: u64 = 366 * 24 * 60 * 60 * 1_000;

/// An API token to create.
#[derive(Debug, Clone)]
pub struct NewApiToken {
    /// Its name. An existing token with the same name must be revoked first.
    pub name: AccountName,
    /// The role with which it acts; not `admin`.
    pub role: Role,
    /// The agent for which it acts: required with the role `agent`, and only then.
    pub agent: Option<AgentId>,
    /// What it may be used for; at least one.
    pub scopes: BTreeSet<Scope>,
    /// When it expires.
    pub expires_at: Timestamp,
}

impl NewApiToken {
    fn check(&self, now: Timestamp) -> Result<(), Rejection> {
        let Self { role, agent, scopes, expires_at, .. } = self;
        let text = match (role, agent) {
            (Role::Admin, _) => "role is admin, expected integration, supervisor or agent".to_owned(),
            (Role::Agent, None) => {
                "agent is missing; a token with the role agent acts for one agent".to_owned()
            }
            (Role::Supervisor | Role::Integration, Some(agent)) => {
                format!("agent is {agent}, but only a token with the role agent acts for an agent")
            }
            _ if scopes.is_empty() => "scopes is empty; name at least one".to_owned(),
            _ if *expires_at <= now => format!("expires_at is {}, which is in the past", expires_at.0),
            _ if expires_at.0 - now.0 > API_TOKEN_LIFE_MS_MAX => {
                let days = API_TOKEN_LIFE_MS_MAX / (24 * 60 * 60 * 1_000);
                format!("expires_at is {}, which is more than {days} days from now", expires_at.0)
            }
            _ => return Ok(()),
        };
        Err(Rejection::new(Code::Invalid, text))
    }
}

impl Handle {
    /// Creates an API token. Returns its text, which cannot be read again, and its stored data.
    pub async fn create_api_token(
        &self,
        actor: Actor,
        token: NewApiToken,
    ) -> Result<(Secret, ApiToken), Rejection> {
        let now = self.now();
        token.check(now)?;
        token_account(&token.name)?;
        let NewApiToken { name, role, agent, scopes, expires_at: until } = token;
        let _turn = self.shared.floors.lock().await;
        if self.read(|reader| reader.api_tokens()).await?.iter().any(|known| known.name == name) {
            let text = format!("there is already an API token with the name {name}; revoke it first");
            return Err(Rejection::new(Code::Conflict, text));
        }
        let (text, fingerprint) = make_api_token();
        let unknown = || Rejection::new(Code::Forbidden, "only an account can create API tokens");
        let created_by = actor.account.clone().ok_or_else(unknown)?;
        let token = ApiToken {
            name,
            fingerprint,
            role,
            agent,
            scopes,
            created_at: now,
            created_by,
            until,
            used_at: None,
        };
        let detail =
            json!({ "role": role, "agent": token.agent, "scopes": token.scopes, "expires_at": until });
        let event = self.event(actor, AuditAction::TokenCreated, token.name.to_string(), detail);
        self.auth.check_room_for_api_token()?;
        let kept = token.clone();
        self.write_audited(event, move |writer| writer.put_api_token(&kept)).await?;
        self.auth.add_api_token(token.clone(), now)?;
        Ok((text, token))
    }

    /// Revokes an API token. Its requests are refused from now on, and its sockets end.
    pub async fn revoke_api_token(&self, actor: Actor, name: AccountName) -> Result<(), Rejection> {
        let _turn = self.shared.floors.lock().await;
        if !self.read(|reader| reader.api_tokens()).await?.iter().any(|known| known.name == name) {
            return Err(Rejection::new(
                Code::NotFound,
                format!("there is no API token with the name {name}"),
            ));
        }
        let event = self.event(actor, AuditAction::TokenRevoked, name.to_string(), json!({}));
        let gone = name.clone();
        self.write_audited(event, move |writer| writer.remove_api_token(&gone)).await?;
        self.auth.revoke_api_token(&name);
        Ok(())
    }

    /// Notes that an API token is used. Stores the time now and then, without waiting for it.
    pub(crate) fn note_use(&self, token: &str) {
        let Some(used) = self.auth.api_token_used(token, self.now()) else { return };
        let handle = self.clone();
        tokio::spawn(async move {
            let _turn = handle.shared.floors.lock().await;
            // A token that was revoked meanwhile must not be stored again.
            let known = handle.read(|reader| reader.api_tokens()).await.unwrap_or_default();
            if known.iter().any(|known| known.fingerprint == used.fingerprint) {
                // This fails only when the node is stopping.
                handle.write(move |writer| writer.put_api_token(&used)).await.ok();
            }
        });
    }

    /// The API tokens with the times of their last use, by name.
    pub async fn api_tokens(&self) -> Result<Vec<ApiToken>, Rejection> {
        self.read(|reader| reader.api_tokens()).await
    }

    /// The valid sign-ins that `shown` selects by principal, the newest first.
    pub(crate) fn sessions(&self, shown: impl Fn(&Principal) -> bool) -> Vec<SignInSession> {
        let mut sessions = self.auth.sessions();
        sessions.retain(|session| shown(&session.principal));
        sessions.sort_by(|one, other| (other.origin.since, &other.id).cmp(&(one.origin.since, &one.id)));
        sessions
    }

    /// Ends sign-ins that `ends` selects by ID and principal, and their sockets. Returns how many.
    pub(crate) async fn end_sessions(
        &self,
        actor: Actor,
        ends: impl Fn(&str, &Principal) -> bool,
    ) -> Result<usize, Rejection> {
        let chosen = self.auth.sessions();
        let chosen: Vec<_> =
            chosen.into_iter().filter(|session| ends(&session.id, &session.principal)).collect();
        let event = |session: &SignInSession| {
            let detail = json!({ "session": session.id });
            let object = session.principal.account.to_string();
            self.event(actor.clone(), AuditAction::SessionEnded, object, detail)
        };
        let events: Vec<_> = chosen.iter().map(event).collect();
        self.write(move |writer| writer.append_audit(&events)).await?;
        let ended = self.auth.end_sessions(|id, _| chosen.iter().any(|session| session.id == id));
        let count = ended.len();
        self.write(move |writer| {
            ended.iter().try_for_each(|(fingerprint, _)| writer.remove_token(fingerprint))
        })
        .await?;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_has_no_more_than_the_role_integration_and_a_bounded_life() {
        let now = Timestamp(1_000);
        let good = NewApiToken {
            name: AccountName::new("crm").unwrap(),
            role: Role::Integration,
            agent: None,
            scopes: [Scope::Read].into(),
            expires_at: now + std::time::Duration::from_secs(60),
        };
        assert_eq!(good.check(now), Ok(()));
        let agent = AgentId::new("1001").ok();
        assert_eq!(
            NewApiToken { role: Role::Agent, agent: agent.clone(), ..good.clone() }.check(now),
            Ok(())
        );
        let bad = [
            NewApiToken { role: Role::Admin, ..good.clone() },
            NewApiToken { role: Role::Agent, ..good.clone() },
            NewApiToken { agent, ..good.clone() },
            NewApiToken { scopes: BTreeSet::new(), ..good.clone() },
            NewApiToken { expires_at: now, ..good.clone() },
            NewApiToken { expires_at: Timestamp(now.0 + API_TOKEN_LIFE_MS_MAX + 1), ..good },
        ];
        for bad in bad {
            assert!(bad.check(now).is_err(), "{bad:?}");
        }
    }
}
