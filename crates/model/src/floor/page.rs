//! What desks show besides calls: scripts, CRM records, and other pages in frames.

use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{RecordAddress, WebAddress};
use crate::{PageId, QueueId};

/// The longest script, in bytes. Our choice.
const SCRIPT_BYTES_MAX: usize = 64 << 10;

/// The longest name of a permission, in bytes. Our choice: twice the length of the longest name in use.
const PERMISSION_BYTES_MAX: usize = 64;

/// A call script for agents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// The name of the script, as a [`crate::Pop`] refers to it.
    #[schema(value_type = String)]
    pub name: CompactString,
    /// The title to show above the script.
    #[schema(value_type = String)]
    pub title: CompactString,
    /// The text of the script.
    pub markdown: Markdown,
}

/// A Markdown text of up to 64 KiB.
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
            return Err(format!("the script has {} bytes; the maximum is {SCRIPT_BYTES_MAX}", text.len()));
        }
        Ok(Self(text))
    }
}

impl From<Markdown> for String {
    fn from(text: Markdown) -> Self {
        text.0
    }
}

/// The CRM page that shows records of one type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordPage {
    /// The type of record, as in [`crate::PopRecord`].
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    pub kind: CompactString,
    /// The display name of this type of record.
    #[schema(value_type = String)]
    pub title: CompactString,
    /// The address of the page.
    pub url: RecordAddress,
}

/// A page that desks show in a frame.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// The ID of the page.
    pub id: PageId,
    /// The title of the page.
    #[schema(value_type = String)]
    pub title: CompactString,
    /// The address of the page. Messages to the page are sent only to the origin of this address.
    pub url: WebAddress,
    /// When the page is open.
    pub place: PagePlace,
    /// For a contact panel: the queues whose interactions show it. When empty, all interactions show it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub queues: Vec<QueueId>,
    /// What the frame is allowed to do, as tokens of the HTML attribute `sandbox`.
    #[serde(default = "Sandbox::usual")]
    pub sandbox: Vec<Sandbox>,
    /// The browser features that the frame can use, as in the HTML attribute `allow`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allow: Vec<Permission>,
}

/// When a page is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PagePlace {
    /// Always.
    Workspace,
    /// While an interaction is live. Each interaction has its own frame.
    ContactPanel,
}

/// A token of the HTML attribute `sandbox`. Tokens that allow a page to replace the desk around it are not supported.
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
    /// The default of [`Page::sandbox`].
    pub fn usual() -> Vec<Self> {
        vec![Self::AllowScripts, Self::AllowForms, Self::AllowPopups, Self::AllowSameOrigin]
    }
}

/// A browser feature that a frame can use, as in the HTML attribute `allow`: `clipboard-write`, `microphone`, ….
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "CompactString", into = "CompactString")]
#[schema(value_type = String, example = "clipboard-write")]
pub struct Permission(CompactString);

impl Permission {
    /// The name of the feature.
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
                "permission {text:?} is invalid; expected 1 to {PERMISSION_BYTES_MAX} characters of a-z and -"
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
    fn a_page_has_the_default_permissions() {
        let page = page(serde_json::json!({})).unwrap();
        let json = serde_json::to_value(&page).unwrap();
        let usual = serde_json::json!(["allow-scripts", "allow-forms", "allow-popups", "allow-same-origin"]);
        assert_eq!(json["sandbox"], usual);
        assert!(json.get("allow").is_none() && json.get("queues").is_none());
    }

    #[test]
    fn a_page_can_have_no_permissions_but_no_unknown_ones() {
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
        assert_eq!(error, "the script has 65537 bytes; the maximum is 65536");
    }
}
