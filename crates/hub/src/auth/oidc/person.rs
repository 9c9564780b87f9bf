//! The account, the role and the agent of a person, from the claims of the provider.

use model::{AccountName, AgentId, Code, Floor, Principal, Rejection, Role};
use serde_json::Value;
use store::Account;

use super::{OidcConfig, UnknownPersons, id_token::Claims};

/// The name of the account in the claims.
pub(super) fn account_of(claims: &Claims, config: &OidcConfig) -> Result<AccountName, Rejection> {
    let claim = &config.account_claim;
    let name = text(claims, claim)
        .ok_or_else(|| refuse(format!("the provider sends no claim {claim:?} with your account name")))?;
    // Anyone could enter the address of another person at a provider that does not check it.
    if claim == "email" && claims.get("email_verified") == Some(&Value::Bool(false)) {
        return Err(refuse(format!("the provider has not verified the email address {name:?}")));
    }
    AccountName::new(&name)
        .map_err(|error| refuse(format!("{name:?} of the provider is not an account name: {error}")))
}

/// The principal of a person. `account` is the account of the directory with the same name.
pub(super) fn principal(
    name: AccountName,
    claims: &Claims,
    account: Option<&Account>,
    floor: &Floor,
    config: &OidcConfig,
) -> Result<Principal, Rejection> {
    if account.is_none() && config.unknown_persons == UnknownPersons::Refuse {
        return Err(refuse(format!("there is no account {name} at this node; an administrator can add it")));
    }
    if account.is_some_and(|account| account.role == Role::Integration) {
        return Err(refuse(format!("account {name} belongs to a program; people cannot use it")));
    }
    let role = role_of(&name, claims, account, config)?;
    let agent = agent_of(&name, claims, account, floor, config)?;
    if role == Role::Agent && agent.is_none() {
        return Err(refuse(format!("you have the role agent, but account {name} has no agent on the floor")));
    }
    Ok(Principal { account: name, role, agent })
}

/// The highest role of the person's groups. Without configured groups, the role of the account.
fn role_of(
    name: &AccountName,
    claims: &Claims,
    account: Option<&Account>,
    config: &OidcConfig,
) -> Result<Role, Rejection> {
    let by_groups = config.groups();
    if !config.has_groups() {
        let role = account.map(|account| account.role);
        return role.ok_or_else(|| refuse(format!("account {name} has no role")));
    }
    let claim = &config.groups_claim;
    let Some(groups) = texts(claims, claim) else {
        return Err(refuse(format!(
            "account {name} has no role: the provider sends no claim {claim:?} with your groups"
        )));
    };
    let has = |wanted: &[String]| wanted.iter().any(|group| groups.contains(group));
    let found = by_groups.iter().find(|(_, wanted)| has(wanted)).map(|(role, _)| *role);
    found.ok_or_else(|| {
        refuse(format!("account {name} has no role: none of your groups may use Cordboard; ask for a group"))
    })
}

/// The agent of the configured claim, of the account, or the one with the name of the account.
fn agent_of(
    name: &AccountName,
    claims: &Claims,
    account: Option<&Account>,
    floor: &Floor,
    config: &OidcConfig,
) -> Result<Option<AgentId>, Rejection> {
    let on_floor = |agent: &AgentId| floor.agent(agent).is_some();
    let Some(claim) = &config.agent_claim else {
        let own = account.and_then(|account| account.agent.clone());
        return Ok(own.or_else(|| AgentId::new(name.as_str()).ok()).filter(on_floor));
    };
    let Some(named) = text(claims, claim) else { return Ok(None) };
    let agent = AgentId::new(&named).ok().filter(on_floor);
    let missing = || refuse(format!("agent {named:?} of the provider's claim {claim:?} is not on the floor"));
    agent.ok_or_else(missing).map(Some)
}

/// Whether the claims that the configuration needs are all there.
pub(super) fn is_complete(claims: &Claims, config: &OidcConfig) -> bool {
    let groups = config.has_groups().then_some(&config.groups_claim);
    let needed = [Some(&config.account_claim), config.agent_claim.as_ref(), groups];
    needed.into_iter().flatten().all(|claim| find(claims, claim).is_some())
}

/// A claim by its name, or else by its path: `realm_access.roles` is `roles` in the object `realm_access`.
fn find<'a>(claims: &'a Claims, name: &str) -> Option<&'a Value> {
    claims.get(name).or_else(|| {
        let (first, rest) = name.split_once('.')?;
        rest.split('.').try_fold(claims.get(first)?, |value, part| value.get(part))
    })
}

fn text(claims: &Claims, name: &str) -> Option<String> {
    one_text(find(claims, name)?)
}

/// One text or a list of texts.
fn texts(claims: &Claims, name: &str) -> Option<Vec<String>> {
    match find(claims, name)? {
        Value::Array(several) => Some(several.iter().filter_map(one_text).collect()),
        one @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_)) => {
            one_text(one).map(|one| vec![one])
        }
    }
}

fn one_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

fn refuse(text: String) -> Rejection {
    Rejection::new(Code::Forbidden, text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn claim_names() -> OidcConfig {
        let (account_claim, groups_claim) = ("preferred_username".to_owned(), "groups".to_owned());
        OidcConfig { account_claim, groups_claim, ..OidcConfig::default() }
    }

    fn config() -> OidcConfig {
        let groups = |name: &str| vec![name.to_owned()];
        OidcConfig {
            unknown_persons: UnknownPersons::Accept,
            agent_groups: groups("cti-agents"),
            supervisor_groups: groups("cti-supervisors"),
            admin_groups: groups("cti-admins"),
            ..claim_names()
        }
    }

    fn floor() -> Floor {
        let plan = json!({"id": "1001", "name": "a", "device": "1", "switch": "pbx"});
        serde_json::from_value(json!({"agents": [plan]})).unwrap()
    }

    fn account(name: &str, role: Role, agent: Option<&str>) -> Account {
        let agent = agent.map(|agent| AgentId::new(agent).unwrap());
        Account { name: AccountName::new(name).unwrap(), role, agent, password_hash: String::new() }
    }

    fn sign_in(
        claims: Value,
        account: Option<&Account>,
        config: &OidcConfig,
    ) -> Result<(Role, Option<String>), String> {
        let claims = claims.as_object().unwrap();
        let name = account_of(claims, config).map_err(|rejection| rejection.text.to_string())?;
        let principal = principal(name, claims, account, &floor(), config);
        let principal = principal.map_err(|rejection| rejection.text.to_string())?;
        Ok((principal.role, principal.agent.map(|agent| agent.to_string())))
    }

    fn person(name: &str, groups: &[&str]) -> Value {
        json!({"preferred_username": name, "groups": groups})
    }

    #[test]
    fn the_highest_role_of_the_groups_counts() {
        let config = config();
        let agent = Some("1001".to_owned());
        assert_eq!(
            sign_in(person("1001", &["x", "cti-agents"]), None, &config),
            Ok((Role::Agent, agent.clone()))
        );
        let both = person("1001", &["cti-agents", "cti-supervisors"]);
        assert_eq!(sign_in(both, None, &config), Ok((Role::Supervisor, agent)));
        assert_eq!(sign_in(person("ann", &["cti-admins"]), None, &config), Ok((Role::Admin, None)));
        // A group decides, and not the account.
        let demoted = account("1001", Role::Admin, Some("1001"));
        let role = sign_in(person("1001", &["cti-agents"]), Some(&demoted), &config).unwrap().0;
        assert_eq!(role, Role::Agent);
    }

    #[test]
    fn a_person_without_a_role_an_agent_or_an_account_is_refused_with_the_reason() {
        let config = config();
        let why = |claims, account: Option<&Account>, config| sign_in(claims, account, config).unwrap_err();
        assert!(why(person("1001", &["guests"]), None, &config).contains("none of your groups"));
        assert!(why(json!({"preferred_username": "1001"}), None, &config).contains("no claim \"groups\""));
        assert!(why(json!({"groups": []}), None, &config).contains("\"preferred_username\""));
        assert!(why(person("ann", &["cti-agents"]), None, &config).contains("no agent on the floor"));
        assert!(why(person("", &["cti-agents"]), None, &config).contains("not an account name"));
        let robot = account("crm", Role::Integration, None);
        assert!(why(person("crm", &["cti-admins"]), Some(&robot), &config).contains("a program"));
        let strict = OidcConfig { unknown_persons: UnknownPersons::Refuse, ..self::config() };
        assert!(why(person("1001", &["cti-agents"]), None, &strict).contains("no account 1001"));
    }

    #[test]
    fn without_groups_the_account_has_the_role() {
        let config = claim_names();
        let ann = account("ann", Role::Supervisor, Some("1001"));
        let claims = json!({"preferred_username": "ann"});
        assert_eq!(sign_in(claims, Some(&ann), &config), Ok((Role::Supervisor, Some("1001".to_owned()))));
    }

    #[test]
    fn claims_can_be_numbers_and_parts_of_objects() {
        let config = OidcConfig {
            agent_claim: Some("employee".to_owned()),
            groups_claim: "realm_access.roles".to_owned(),
            ..config()
        };
        let claims = |employee: u32| json!({"preferred_username": "ann", "employee": employee, "realm_access": {"roles": "cti-agents"}});
        assert_eq!(sign_in(claims(1001), None, &config), Ok((Role::Agent, Some("1001".to_owned()))));
        assert!(sign_in(claims(1009), None, &config).unwrap_err().contains("\"1009\""));
    }

    #[test]
    fn an_email_address_that_is_not_verified_is_no_account() {
        let config = OidcConfig { account_claim: "email".to_owned(), ..config() };
        let claims = json!({"email": "1001", "email_verified": false, "groups": ["cti-agents"]});
        assert!(sign_in(claims, None, &config).unwrap_err().contains("not verified"));
    }
}
