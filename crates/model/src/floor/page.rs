//! What desks show besides calls: scripts, records of a CRM, and pages of others in frames.

use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{RecordAddress, WebAddress};
use crate::{PageId, QueueId};

/// The longest script. Bytes. Ours.
const SCRIPT_BYTES_MAX: usize = 64 << 10;

/// The longest name of a permission. Bytes. Ours: the longest that is in use has half of it.
const PERMISSION_BYTES_MAX: usize = 64;

/// What an agent is to say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// By this name a [`crate::Pop`] asks for it.
    #[schema(value_type = String)]
    pub name: CompactString,
    /// What to show above it.
    #[schema(value_type = String)]
    pub title: CompactString,
    /// What it says.
    pub markdown: Markdown,
}

/// A text in Markdown, of 64 KiB at most.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String)]
pub struct Markdown(String);

impl Markdown {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Markdown {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        if text.len() > SCRIPT_BYTES_MAX {
            return Err(format!(
                "the script has {} bytes, at most {SCRIPT_BYTES_MAX} are allowed",
                text.len()
            ));
        }
        Ok(Self(text))
    }
}

impl From<Markdown> for String {
    fn from(text: Markdown) -> Self {
        text.0
    }
}

/// Where records of one type are shown: a page of the CRM's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordPage {
    /// The type, as a [`crate::PopRecord`] names it.
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    pub kind: CompactString,
    /// What to call such a record.
    #[schema(value_type = String)]
    pub title: CompactString,
    /// Where it is.
    pub url: RecordAddress,
}

/// A page that desks show in a frame.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// Which.
    pub id: PageId,
    /// What to call it.
    #[schema(value_type = String)]
    pub title: CompactString,
    /// Where it is. What is said to the page goes to this address's origin and to no other.
    pub url: WebAddress,
    /// When it is open.
    pub place: PagePlace,
    /// A contact panel: for interactions of these queues. Empty: for every one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub queues: Vec<QueueId>,
    /// What the frame may do, in HTML's words.
    #[serde(default = "Sandbox::usual")]
    pub sandbox: Vec<Sandbox>,
    /// What the frame may use of the browser.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allow: Vec<Permission>,
}

/// When a page is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PagePlace {
    /// Always.
    Workspace,
    /// From the beginning of an interaction to its end; each has its own.
    ContactPanel,
}

/// What a frame may do: tokens of HTML's `sandbox`. Those that let a page put itself in the place of the desk around it are left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "HTML's words")]
pub enum Sandbox {
    AllowDownloads,
    AllowForms,
    AllowModals,
    AllowOrientationLock,
    AllowPointerLock,
    AllowPopups,
    AllowPopupsToEscapeSandbox,
    AllowPresentation,
    AllowSameOrigin,
    AllowScripts,
    AllowStorageAccessByUserActivation,
}

impl Sandbox {
    /// What a frame may do when the floor does not say.
    pub fn usual() -> Vec<Self> {
        vec![Self::AllowScripts, Self::AllowForms, Self::AllowPopups, Self::AllowSameOrigin]
    }
}

/// Something of the browser that a frame may use, as its `allow` names it: `clipboard-write`, `microphone`, ….
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "CompactString", into = "CompactString")]
#[schema(value_type = String, example = "clipboard-write")]
pub struct Permission(CompactString);

impl Permission {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<CompactString> for Permission {
    type Error = String;
    fn try_from(text: CompactString) -> Result<Self, String> {
        let fits = |byte: u8| byte.is_ascii_lowercase() || byte == b'-';
        if text.is_empty() || text.len() > PERMISSION_BYTES_MAX || !text.bytes().all(fits) {
            return Err(format!(
                "permission {text:?} is not made of 1 to {PERMISSION_BYTES_MAX} of a-z and -"
            ));
        }
        Ok(Self(text))
    }
}

impl From<Permission> for CompactString {
    fn from(permission: Permission) -> Self {
        permission.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(more: serde_json::Value) -> Result<Page, serde_json::Error> {
        let mut page = serde_json::json!({
            "id": "kb", "title": "Knowledge base", "url": "https://kb.example/", "place": "workspace",
        });
        for (name, value) in more.as_object().unwrap() {
            page[name] = value.clone();
        }
        serde_json::from_value(page)
    }

    #[test]
    fn a_page_that_says_nothing_may_do_the_usual() {
        let page = page(serde_json::json!({})).unwrap();
        let json = serde_json::to_value(&page).unwrap();
        let usual = serde_json::json!(["allow-scripts", "allow-forms", "allow-popups", "allow-same-origin"]);
        assert_eq!(json["sandbox"], usual);
        assert!(json.get("allow").is_none() && json.get("queues").is_none());
    }

    #[test]
    fn a_page_may_do_nothing_at_all_but_nothing_unheard_of() {
        assert_eq!(page(serde_json::json!({"sandbox": []})).unwrap().sandbox, []);
        for wrong in [
            serde_json::json!({"sandbox": ["allow-top-navigation"]}),
            serde_json::json!({"sandbox": ["scripts"]}),
            serde_json::json!({"allow": ["camera; microphone *"]}),
            serde_json::json!({"allow": [""]}),
            serde_json::json!({"place": "panel"}),
        ] {
            assert!(page(wrong.clone()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_script_has_its_limit() {
        assert!(Markdown::try_from("x".repeat(SCRIPT_BYTES_MAX)).is_ok());
        let error = Markdown::try_from("x".repeat(SCRIPT_BYTES_MAX + 1)).unwrap_err();
        assert_eq!(error, "the script has 65537 bytes, at most 65536 are allowed");
    }
}
