//! The part of the handle that writes to the audit trail.

use std::net::SocketAddr;

use model::{Command, Contact, Floor, NoticeTopic, Principal, Rejection, Role, Secret, VerbName, authorize};
use serde::Serialize;
use serde_json::{Value, json};
use session::Login;
use store::{Account, Actor, AuditAction, AuditEvent, Credential, SecondFactor, SignInOrigin, Writer};
use tokio::sync::oneshot;

use super::{
    handle::{Handle, unavailable},
    writer::Job,
};
use crate::auth::{SignInRefused, SignedIn, Token, oidc::OidcConfig};

/// How many IDs one list of changes names. Our choice: a person reads them.
const IDS_MAX: usize = 100;

/// The longest description of a client that is kept. Bytes. Our choice.
const CLIENT_BYTES_MAX: usize = 200;

/// A sign-in with a password.
#[derive(Debug)]
pub struct SignIn {
    /// The account or its agent.
    pub login: Login,
    /// The password.
    pub password: Secret,
    /// The code of the second factor, if the account has one.
    pub code: Option<Secret>,
    /// The address of the client.
    pub from: SocketAddr,
    /// The client as it names itself (`User-Agent`).
    pub client: Option<String>,
}

impl Handle {
    /// An event that happens at this time.
    pub fn event(
        &self,
        actor: Actor,
        action: AuditAction,
        object: impl Into<String>,
        detail: Value,
    ) -> AuditEvent {
        AuditEvent::new(self.now(), actor, action, object, detail)
    }

    /// Writes an event to the audit trail. Returns when it is durable.
    pub async fn audit(&self, event: AuditEvent) -> Result<(), Rejection> {
        self.expect_ready()?;
        let (done, written) = oneshot::channel();
        let jobs = self.jobs.upgrade().ok_or_else(unavailable)?;
        jobs.send(Job::Audit(vec![event], done)).await.map_err(|_| unavailable())?;
        written.await.map_err(|_| unavailable())
    }

    /// Changes the directory like [`Handle::write`], after the entry of the audit trail that reports the change.
    pub async fn write_audited(
        &self,
        event: AuditEvent,
        change: impl FnOnce(&mut dyn Writer) -> store::Result<()> + Send + 'static,
    ) -> Result<(), Rejection> {
        self.write(move |writer| {
            writer.append_audit(&[event])?;
            change(writer)
        })
        .await
    }

    /// Signs in with an account and its password. See [`Handle::sign_in_with`].
    pub async fn sign_in(
        &self,
        login: &Login,
        secret: &Secret,
        from: SocketAddr,
    ) -> Result<Token, Rejection> {
        let (login, password) = (login.clone(), secret.clone());
        self.sign_in_with(SignIn { login, password, code: None, from, client: None }).await
    }

    /// Signs in. Returns a token that stays valid after a restart.
    pub async fn sign_in_with(&self, sign_in: SignIn) -> Result<Token, Rejection> {
        let SignIn { login, password, code, from, client } = sign_in;
        let client = client.map(cut);
        let (since, credential, address) = (self.now(), Credential::Password, Some(from.ip()));
        let origin = SignInOrigin { since, credential, address, client };
        let signed_in = self.auth.sign_in_or_notify(&login, &password, code.as_ref(), from, origin).await;
        self.finish_sign_in(&login, from, signed_in).await
    }

    /// Signs in a person whom the provider has authenticated. Returns a token that stays valid after a restart.
    pub(crate) async fn sign_in_person(
        &self,
        person: Principal,
        from: SocketAddr,
        client: Option<String>,
    ) -> Result<Token, Rejection> {
        let login = Login::Account(person.account.clone());
        let (since, credential, address) = (self.now(), Credential::Provider, Some(from.ip()));
        let origin = SignInOrigin { since, credential, address, client: client.map(cut) };
        let signed_in = self.auth.give_or_notify(person, None, from, origin);
        self.finish_sign_in(&login, from, signed_in).await
    }

    /// Accepts persons of a provider from now on. Those who signed in before a restart stay signed in.
    pub async fn accept_persons(&self, oidc: &OidcConfig) -> Result<(), Rejection> {
        let tokens = self.read(|reader| reader.tokens()).await?;
        let provider = format!("{} {}", oidc.issuer, oidc.client_id);
        self.auth.restore_persons(&provider, &tokens, self.now());
        Ok(())
    }

    /// Stores the token of a sign-in, and notifies the agent about other sign-ins of the account.
    async fn finish_sign_in(
        &self,
        login: &Login,
        from: SocketAddr,
        signed_in: Result<SignedIn, SignInRefused>,
    ) -> Result<Token, Rejection> {
        let SignedIn { token, factor, replaced, notify } = match signed_in {
            Ok(signed_in) => signed_in,
            Err(SignInRefused { rejection, notify }) => {
                self.notify_agent(notify, NoticeTopic::SignInRefused).await;
                self.audit_failure(login, from, &rejection).await?;
                return Err(rejection);
            }
        };
        self.keep_token(&token, factor).await?;
        if let Some(replaced) = replaced {
            self.write(move |writer| writer.remove_token(&replaced)).await?;
            self.notify_agent(notify, NoticeTopic::SignInRevoked).await;
        }
        Ok(token)
    }

    /// Stores a token of a sign-in, after its entry in the audit trail.
    async fn keep_token(&self, token: &Token, factor: Option<SecondFactor>) -> Result<(), Rejection> {
        let actor = Actor::new(&token.principal, token.origin.credential, token.origin.address);
        let object = token.principal.account.to_string();
        let detail = json!({ "client": token.origin.client });
        let event = self.event(actor, AuditAction::SignedIn, object, detail);
        let (now, kept) = (self.now(), self.auth.kept(token, self.now()));
        self.write_audited(event, move |writer| {
            factor.iter().try_for_each(|factor| writer.put_second_factor(factor))?;
            kept.iter().try_for_each(|kept| writer.put_token(kept, now))
        })
        .await
    }

    /// Checks a password like [`crate::auth::Auth::authenticate`]. A failure is written to the audit trail.
    pub async fn authenticate(
        &self,
        login: &Login,
        secret: &Secret,
        from: SocketAddr,
    ) -> Result<Principal, Rejection> {
        let checked = self.auth.authenticate(login, secret, from).await;
        if let Err(rejection) = &checked {
            self.audit_failure(login, from, rejection).await?;
        }
        checked
    }

    /// Writes a failed sign-in, unless there were many. A name that is no account is left out: people type passwords there.
    async fn audit_failure(
        &self,
        login: &Login,
        from: SocketAddr,
        rejection: &Rejection,
    ) -> Result<(), Rejection> {
        let Some(left_out) = self.auth.audits_failure() else { return Ok(()) };
        let principal = self.auth.named(login);
        let (account, role) = principal.map(|one| (one.account, one.role)).unzip();
        let object = account.as_ref().map_or_else(|| "unknown".to_owned(), ToString::to_string);
        let actor = Actor { account, role, credential: Credential::None, address: Some(from.ip()) };
        let detail = json!({ "reason": rejection.code, "left_out_before": left_out });
        self.audit(self.event(actor, AuditAction::SignInFailed, object, detail)).await
    }

    /// Revokes a token, also in the store.
    pub async fn sign_out(&self, token: &str) -> Result<(), Rejection> {
        let Some(holder) = self.auth.holder(token) else { return Ok(()) };
        let actor = Actor::new(&holder.principal, holder.credential, None);
        self.sign_out_as(actor, token).await
    }

    /// Revokes a token, also in the store. The audit trail names `actor`.
    pub async fn sign_out_as(&self, actor: Actor, token: &str) -> Result<(), Rejection> {
        let object = actor.account.as_ref().map(ToString::to_string).unwrap_or_default();
        let event = self.event(actor, AuditAction::SignedOut, object, json!({}));
        let fingerprint = self.auth.sign_out(token);
        self.write_audited(event, move |writer| writer.remove_token(&fingerprint)).await
    }

    /// Writes a command to the audit trail if it belongs there: the forced end of an interaction, and what a supervisor or an admin does to
    /// another agent. Other commands are in the journal only.
    pub(super) async fn audit_command(&self, actor: Actor, command: &Command) -> Result<(), Rejection> {
        let verb = command.verb.name();
        if authorize(&command.by, verb, &command.agent).is_err() {
            return Ok(());
        }
        let oversees = match command.by.role {
            Role::Supervisor | Role::Admin => command.by.agent.as_ref() != Some(&command.agent),
            Role::Agent | Role::Integration => false,
        };
        let action = match (verb == VerbName::ForceEnd, oversees) {
            (true, _) => AuditAction::ForceEnd,
            (false, true) => AuditAction::AgentChanged,
            (false, false) => return Ok(()),
        };
        let detail = json!({ "verb": verb.as_str(), "interaction": command.interaction });
        self.audit(self.event(actor, action, command.agent.to_string(), detail)).await
    }

    /// The event of a new floor: which items it adds, changes and removes.
    pub(super) async fn floor_event(
        &self,
        actor: Actor,
        floor: &Floor,
        accounts: Option<&[Account]>,
        contacts: &[Contact],
    ) -> Result<AuditEvent, Rejection> {
        let before = self.floor().await?.requested();
        let known = self.read(|reader| reader.accounts()).await?;
        let mut detail = differences(&before, floor);
        if let Some(accounts) = accounts {
            let change = ItemChange::between(&known, accounts, |account| account.name.to_string());
            detail.extend(change.map(|change| ("accounts".to_owned(), json!(change))));
        }
        if !contacts.is_empty() {
            detail.insert("contacts_written".to_owned(), json!(contacts.len()));
        }
        Ok(self.event(actor, AuditAction::FloorApplied, "floor", Value::Object(detail)))
    }
}

/// The items of one list that a change adds, replaces and removes: the first of them, and how many there are.
#[derive(Debug, Serialize)]
struct ItemChange {
    added: Vec<String>,
    changed: Vec<String>,
    removed: Vec<String>,
    /// How many items the lists leave out.
    #[serde(skip_serializing_if = "is_zero")]
    left_out: usize,
}

fn is_zero(count: &usize) -> bool {
    *count == 0
}

impl ItemChange {
    /// What is different; `None` if nothing is.
    fn between<T: PartialEq>(before: &[T], after: &[T], id: impl Fn(&T) -> String) -> Option<Self> {
        let named = |list: &[T]| list.iter().map(&id).collect::<Vec<_>>();
        let (old, new) = (by_id(before, &id), by_id(after, &id));
        let added = named(after).into_iter().filter(|id| !old.contains_key(id)).collect();
        let removed = named(before).into_iter().filter(|id| !new.contains_key(id)).collect();
        let is_changed = |id: &String| old.get(id).is_some_and(|old| new.get(id) != Some(old));
        let changed = named(after).into_iter().filter(is_changed).collect();
        let mut change = Self { added, changed, removed, left_out: 0 };
        for list in [&mut change.added, &mut change.changed, &mut change.removed] {
            change.left_out += list.len().saturating_sub(IDS_MAX);
            list.truncate(IDS_MAX);
        }
        let lists = [&change.added, &change.changed, &change.removed];
        lists.iter().any(|list| !list.is_empty()).then_some(change)
    }
}

fn by_id<'a, T>(list: &'a [T], id: &impl Fn(&T) -> String) -> std::collections::HashMap<String, &'a T> {
    list.iter().map(|item| (id(item), item)).collect()
}

/// The top-level keys of a floor that differ. Lists of items with an ID or a code name the items.
fn differences(before: &Floor, after: &Floor) -> serde_json::Map<String, Value> {
    let object = |floor: &Floor| match serde_json::to_value(floor) {
        Ok(Value::Object(object)) => object,
        Ok(_) | Err(_) => serde_json::Map::new(),
    };
    let (before, after) = (object(before), object(after));
    let keys: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let different = keys.into_iter().filter(|key| before.get(*key) != after.get(*key));
    different.map(|key| (key.clone(), difference(before.get(key), after.get(key)))).collect()
}

fn difference(before: Option<&Value>, after: Option<&Value>) -> Value {
    let items = |value: Option<&Value>| value.map_or(Some(Vec::new()), |value| value.as_array().cloned());
    if let (Some(before), Some(after)) = (items(before), items(after))
        && before.iter().chain(&after).all(|item| item_id(item).is_some())
    {
        let id = |item: &Value| item_id(item).unwrap_or_default().to_owned();
        return json!(ItemChange::between(&before, &after, id));
    }
    json!({ "before": before, "after": after })
}

fn item_id(item: &Value) -> Option<&str> {
    ["id", "code"].iter().find_map(|key| item.get(key)?.as_str())
}

/// Cuts the description of a client to what is kept.
fn cut(mut client: String) -> String {
    client.truncate(client.floor_char_boundary(CLIENT_BYTES_MAX));
    client
}
