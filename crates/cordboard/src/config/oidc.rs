//! Sign-in through a provider.

use std::path::PathBuf;

use hub::auth::oidc::{self, OidcConfig};
use model::Secret;
use serde::{Deserialize, Serialize};
use settings::{Lines, Origin, Problem, section};

use super::Config;

section! {
    /// Sign-in through a provider, with OpenID Connect.
    pub(crate) Oidc {
        /// The provider's name on the sign-in pages: "Sign in with …".
        name: String = default("single sign-on".to_owned()),
        /// The issuer, exactly as the provider writes it in `/.well-known/openid-configuration`.
        issuer: String = required("\"https://login.example.com/realms/work\""),
        /// The ID of this node at the provider.
        client_id: String = required("\"cordboard\""),
        /// The secret of this node at the provider. Without it the node is a public client; PKCE is used in both cases.
        client_secret: Secret = secret("\"a-long-secret\""),
        /// The origin of this node for browsers. Register this redirect URL at the provider: the origin, followed by `/sign-in/`.
        public_url: Origin = required("\"https://cti.example.com\""),
        /// A PEM file with the authorities to trust for the provider. Without it the node trusts those of the operating system.
        tls_ca: PathBuf = path("\"provider-ca.pem\""),
        /// The scopes to request besides `openid`.
        scopes: Vec<String> = default(vec!["profile".to_owned()]),
        /// For people who are signed in at the provider already: "login" asks for the password again, "select_account" for the account.
        /// Use it where people share a computer.
        prompt: Prompt = option("\"login\""),
        /// The claim with the name of the account. Choose one that people cannot change by themselves.
        account_claim: String = default("preferred_username".to_owned()),
        /// The claim with the ID of the agent. Without it the agent is that of the account, or the one with the name of the account.
        agent_claim: String = option("\"employee_number\""),
        /// The claim with the groups. A path such as "realm_access.roles" is possible.
        groups_claim: String = default("groups".to_owned()),
        /// Groups whose members have the role agent. If all three lists are empty, people have the role of their account.
        agent_groups: Vec<String> = default(Vec::new()),
        /// Groups whose members have the role supervisor. Somebody in several groups has the highest role.
        supervisor_groups: Vec<String> = default(Vec::new()),
        /// Groups whose members have the role admin.
        admin_groups: Vec<String> = default(Vec::new()),
        /// People without an account in the floor file: "refuse" them, or "accept" them with the role of their groups.
        unknown_persons: UnknownPersons = default(UnknownPersons::Refuse),
        /// Whether people can also sign in at the pages and the API with a password. Accounts with the role integration always can.
        passwords: bool = default(true),
        /// Whether people who sign out of the desktop sign out at the provider too. Register the public URL, followed by `/`, there.
        sign_out_at_provider: bool = default(false),
    }
}

/// What the provider shows to people who are signed in there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Prompt {
    /// The sign-in.
    Login,
    /// A choice of accounts.
    SelectAccount,
}

/// What happens to people without an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum UnknownPersons {
    /// They cannot sign in.
    Refuse,
    /// They sign in with the role of their groups.
    Accept,
}

impl Oidc {
    /// The settings for the hub, without the authorities to trust.
    pub(crate) fn settings(&self) -> OidcConfig {
        let Self { name, issuer, client_id, client_secret, public_url, scopes, .. } = self.clone();
        let Self { account_claim, agent_claim, groups_claim, .. } = self.clone();
        let Self { agent_groups, supervisor_groups, admin_groups, passwords, .. } = self.clone();
        let prompt = self.prompt.map(|prompt| match prompt {
            Prompt::Login => "login".to_owned(),
            Prompt::SelectAccount => "select_account".to_owned(),
        });
        let unknown_persons = match self.unknown_persons {
            UnknownPersons::Refuse => oidc::UnknownPersons::Refuse,
            UnknownPersons::Accept => oidc::UnknownPersons::Accept,
        };
        let public_url = public_url.as_str();
        OidcConfig {
            name,
            issuer,
            client_id,
            client_secret,
            redirect_url: format!("{public_url}/sign-in/"),
            signed_out_url: self.sign_out_at_provider.then(|| format!("{public_url}/")),
            scopes,
            prompt,
            account_claim,
            agent_claim,
            groups_claim,
            agent_groups,
            supervisor_groups,
            admin_groups,
            unknown_persons,
            passwords,
            tls: None,
        }
    }

    fn has_groups(&self) -> bool {
        [&self.agent_groups, &self.supervisor_groups, &self.admin_groups].iter().any(|list| !list.is_empty())
    }
}

/// The longest name of a provider: it is a button. Characters. Our choice.
const NAME_CHARS_MAX: usize = 40;

/// The mistakes of the section.
pub(super) fn check(config: &Config, lines: &Lines) -> Vec<Problem> {
    let Some(oidc) = &config.node.oidc else { return Vec::new() };
    let mut problems = Vec::new();
    let mut wrong = |key: &str, text: String| problems.push(lines.problem(&format!("oidc.{key}"), text));
    for (key, url) in [("issuer", oidc.issuer.as_str()), ("public_url", oidc.public_url.as_str())] {
        if !oidc::is_safe(url) {
            wrong(
                key,
                format!("{url:?} is not safe; expected an https URL, or http on this machine (localhost)"),
            );
        }
    }
    if oidc.issuer.contains(['?', '#']) {
        wrong("issuer", format!("{:?} has a query or a fragment; expected the issuer alone", oidc.issuer));
    }
    let texts = [
        ("client_id", &oidc.client_id),
        ("account_claim", &oidc.account_claim),
        ("groups_claim", &oidc.groups_claim),
    ];
    for (key, _) in texts.iter().filter(|(_, text)| text.trim().is_empty()) {
        wrong(key, "is empty".to_owned());
    }
    if oidc.name.trim().is_empty() || oidc.name.chars().count() > NAME_CHARS_MAX {
        let name = &oidc.name;
        wrong("name", format!("{name:?} is empty or too long; expected 1 to {NAME_CHARS_MAX} characters"));
    }
    if oidc.unknown_persons == UnknownPersons::Accept && !oidc.has_groups() {
        let text =
            "is \"accept\", but no group has a role; set agent_groups, supervisor_groups or admin_groups";
        wrong("unknown_persons", text.to_owned());
    }
    let lists = [
        ("agent_groups", &oidc.agent_groups),
        ("supervisor_groups", &oidc.supervisor_groups),
        ("admin_groups", &oidc.admin_groups),
    ];
    for (index, (key, list)) in lists.iter().enumerate() {
        for (other, before) in &lists[..index] {
            if let Some(group) = list.iter().find(|group| before.contains(group)) {
                wrong(key, format!("group {group:?} is in {other} too; delete one of them"));
            }
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::{DIALECTS, config::read};

    const FINE: &str = "issuer = \"https://login.example.com\"\nclient_id = \"cordboard\"\n\
                        public_url = \"https://cti.example.com\"\nagent_groups = [\"agents\"]\n";

    fn problems(more: &str) -> Vec<String> {
        let more_keys: Vec<&str> =
            more.lines().filter_map(|line| line.split_once(" = ")).map(|(key, _)| key).collect();
        let kept = FINE.lines().filter(|line| !more_keys.iter().any(|key| line.starts_with(key)));
        let text = format!("[oidc]\n{}\n{more}\n", kept.collect::<Vec<_>>().join("\n"));
        match read(DIALECTS, "test.toml", &text, Path::new("."), []) {
            Ok(_) => Vec::new(),
            Err(problems) => problems.lines().collect(),
        }
    }

    #[test]
    fn mistakes_are_found() {
        assert_eq!(problems(""), Vec::<String>::new());
        for (text, wanted) in [
            ("issuer = \"http://login.example.com\"", "oidc.issuer"),
            ("issuer = \"https://login.example.com?a=b\"", "oidc.issuer"),
            ("public_url = \"http://cti.example.com\"", "oidc.public_url"),
            ("public_url = \"https://cti.example.com/desk\"", "oidc.public_url"),
            ("client_id = \" \"", "oidc.client_id"),
            ("name = \"\"", "oidc.name"),
            ("prompt = \"consent\"", "oidc.prompt"),
            ("unknown_persons = \"maybe\"", "oidc.unknown_persons"),
            ("unknown_persons = \"accept\"\nagent_groups = []", "oidc.unknown_persons"),
            ("admin_groups = [\"agents\"]", "oidc.admin_groups"),
            ("roles = 1", "oidc.roles"),
        ] {
            let found = problems(text);
            assert!(found.len() == 1 && found[0].contains(wanted), "{text}: {found:?}");
        }
        assert_eq!(problems("issuer = \"http://localhost:8080/realm\""), Vec::<String>::new());
    }
}
