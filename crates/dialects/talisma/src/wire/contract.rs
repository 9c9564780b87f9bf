//! The names that both ends must agree on. The vendor publishes no namespaces, so they can be configured.

use compact_str::CompactString;
use settings::section;

/// The service contract, as the vendor's help article names it.
pub const CONTRACT: &str = "IPostNotification";
/// Its only operation, as the vendor's help article names it.
pub const OPERATION: &str = "PostNotification";
/// The only media type: phone (article).
pub const MEDIA_PHONE: i32 = 1;
/// "Account" (article).
pub const OBJECT_ACCOUNT: i32 = 2;
/// "Contact" (article).
pub const OBJECT_CONTACT: i32 = 3;
/// "Interaction" (article).
pub const OBJECT_INTERACTION: i32 = 7;
/// "Message" (article).
pub const OBJECT_MESSAGE: i32 = 26;
/// The calling number, a property of the message (the article's sample).
pub const PROPERTY_ANI: i32 = 2_000_104;
/// The dialed number, a property of the message (the article's sample).
pub const PROPERTY_DNI: i32 = 2_000_105;
/// The value for "none" (article).
pub const NONE: i32 = -1;

section! {
    /// Namespaces of a service.
    pub Contract {
        /// Namespace of the service.
        // WCF's default where none is set (talisma.md §3.1).
        service: CompactString = default("http://tempuri.org/".into()),
        /// Namespace of the members.
        // A placeholder of WCF's usual shape: the vendor's is not known (talisma.md §2.1).
        data: CompactString = default("http://schemas.datacontract.org/2004/07/Talisma.Web.Notification".into()),
    }
}

impl Contract {
    /// The action of a request.
    pub fn action(&self) -> String {
        format!("{}{CONTRACT}/{OPERATION}", with_slash(&self.service))
    }

    /// The action of its answer.
    pub fn reply_action(&self) -> String {
        format!("{}Response", self.action())
    }
}

/// The namespace with a slash at the end: WCF puts one between a namespace and a contract.
fn with_slash(namespace: &str) -> String {
    if namespace.ends_with('/') { namespace.to_owned() } else { format!("{namespace}/") }
}
