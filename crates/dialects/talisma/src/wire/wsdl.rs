//! The WSDL that the desk end serves, in one document (talisma.md §5). The binding of SOAP 1.1 comes first: clients use the first one.

use wire::xml::escaped;

use super::Contract;

/// The WSDL's text: values in braces, and comments where something may be inserted.
const SERVICE: &str = include_str!("service.wsdl");
/// The security policy for each binding.
const POLICIES: &str = include_str!("policies.xml");
/// The policies for HTTP Basic over plain HTTP.
const BASIC_POLICIES: &str = include_str!("basic-policies.xml");

/// The security policy that the WSDL declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policies {
    /// A user name over TLS: the address is https.
    UserNameOverTls,
    /// HTTP Basic: the address is http.
    Basic,
    /// No policy, for clients that cannot read policies.
    None,
}

/// The WSDL of the service at `address`.
pub fn wsdl(contract: &Contract, address: &str, policies: Policies) -> String {
    let (definitions, basic, ws) = match policies {
        Policies::UserNameOverTls => (POLICIES, reference("BasicHttpBinding"), reference("WSHttpBinding")),
        Policies::Basic => (BASIC_POLICIES, reference("BasicHttpBinding"), reference("WSHttpBinding")),
        Policies::None => ("", String::new(), "  <wsaw:UsingAddressing/>\n".to_owned()),
    };
    SERVICE
        .replace("<!--policies-->", definitions)
        .replace("<!--basic-->", &basic)
        .replace("<!--ws-->", &ws)
        .replace("{action}", &escaped(&contract.action()))
        .replace("{reply_action}", &escaped(&contract.reply_action()))
        .replace("{service}", &escaped(&contract.service))
        .replace("{data}", &escaped(&contract.data))
        .replace("{address}", &escaped(address))
}

fn reference(binding: &str) -> String {
    format!("  <wsp:PolicyReference URI=\"#{binding}_IPostNotification_policy\"/>\n")
}
