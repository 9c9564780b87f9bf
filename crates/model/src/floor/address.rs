//! Addresses of web pages, and their origins as browsers write them.

use std::{
    fmt,
    net::{Ipv4Addr, Ipv6Addr},
};

use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The longest address, in bytes. Our choice.
const ADDRESS_BYTES_MAX: usize = 2_048;

/// The placeholders for a record's ID and type in a [`RecordAddress`].
const PLACES: [&str; 2] = ["id", "type"];

/// Why a text is not a valid page address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// The address is too long.
    #[error("the address has {bytes} bytes; the maximum is {ADDRESS_BYTES_MAX}")]
    TooLong {
        /// The length of the address, in bytes.
        bytes: usize,
    },
    /// The scheme is neither `https` nor `http`.
    #[error("the address {0:?} does not begin with https:// or http://")]
    Scheme(String),
    /// The host is missing, or is not written as browsers write it.
    #[error("the address has the host {0:?}; expected letters, digits, - and ., or an IP address")]
    Host(String),
    /// The port is not a port number.
    #[error("the address has the port {0:?}; expected 1 to 65535")]
    Port(String),
    /// The address contains a character that is not allowed there.
    #[error("the address contains {0:?}; percent-encode it")]
    Character(char),
    /// The address contains an unknown placeholder.
    #[error("the address contains {{{0}}}; the placeholders are {{id}} and {{type}}")]
    Place(String),
}

/// The address of a page: `https://` or `http://`, a host, an optional port, a path and a query.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "CompactString", into = "CompactString")]
#[schema(value_type = String, example = "https://kb.example/")]
pub struct WebAddress(CompactString);

impl WebAddress {
    /// Checks and accepts an address.
    pub fn new(text: impl AsRef<str>) -> Result<Self, AddressError> {
        let text = text.as_ref();
        if text.len() > ADDRESS_BYTES_MAX {
            return Err(AddressError::TooLong { bytes: text.len() });
        }
        let wrong = |character: &char| !character.is_ascii_graphic() || "\"<>\\^`|".contains(*character);
        if let Some(character) = text.chars().find(wrong) {
            return Err(AddressError::Character(character));
        }
        origin_of(text)?;
        Ok(Self(text.into()))
    }

    /// The address as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The origin of the page as browsers write it: in lower case, without the default port of the scheme.
    pub fn origin(&self) -> String {
        origin_of(&self.0).unwrap_or_else(|_| unreachable!("{} was taken as an address", self.0))
    }
}

impl TryFrom<CompactString> for WebAddress {
    type Error = AddressError;
    fn try_from(text: CompactString) -> Result<Self, AddressError> {
        Self::new(text)
    }
}

impl From<WebAddress> for CompactString {
    fn from(address: WebAddress) -> Self {
        address.0
    }
}

impl fmt::Display for WebAddress {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// The address of a record's page: an address with the placeholders `{id}` and `{type}` in its path or query. The page
/// that opens it percent-encodes the values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "CompactString", into = "CompactString")]
#[schema(value_type = String, example = "https://crm.example/contacts/{id}")]
pub struct RecordAddress(WebAddress);

impl RecordAddress {
    /// Checks and accepts an address with placeholders.
    pub fn new(text: impl AsRef<str>) -> Result<Self, AddressError> {
        let address = WebAddress::new(text)?;
        for after in address.as_str().split('{').skip(1) {
            let place = after.split('}').next().unwrap_or(after);
            if !PLACES.contains(&place) {
                return Err(AddressError::Place(place.to_owned()));
            }
        }
        Ok(Self(address))
    }

    /// The address with its placeholders.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The origin of the page, which is the same for every record.
    pub fn origin(&self) -> String {
        self.0.origin()
    }
}

impl TryFrom<CompactString> for RecordAddress {
    type Error = AddressError;
    fn try_from(text: CompactString) -> Result<Self, AddressError> {
        Self::new(text)
    }
}

impl From<RecordAddress> for CompactString {
    fn from(address: RecordAddress) -> Self {
        address.0.into()
    }
}

fn origin_of(text: &str) -> Result<String, AddressError> {
    let (scheme, rest, own_port) = match text.split_once("://") {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") => ("https", rest, 443),
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => ("http", rest, 80),
        Some(_) | None => return Err(AddressError::Scheme(text.chars().take(20).collect())),
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        Some(_) | None => (authority, None),
    };
    let host = host_of(host)?;
    match port.map(port_of).transpose()? {
        Some(port) if port != own_port => Ok(format!("{scheme}://{host}:{port}")),
        Some(_) | None => Ok(format!("{scheme}://{host}")),
    }
}

/// Returns a host as browsers write it. Rejects hosts that a browser would rewrite: other forms of IPv4 addresses, and
/// letters outside ASCII.
fn host_of(text: &str) -> Result<String, AddressError> {
    let wrong = || AddressError::Host(text.to_owned());
    if let Some(address) = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
        let address: Ipv6Addr = address.parse().map_err(|_| wrong())?;
        return Ok(format!("[{address}]"));
    }
    let lower = text.to_ascii_lowercase();
    let is_label = |label: &str| {
        !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let is_number =
        lower.rsplit('.').next().is_some_and(|last| last.starts_with(|first: char| first.is_ascii_digit()));
    let fits = lower.split('.').all(is_label) && (!is_number || lower.parse::<Ipv4Addr>().is_ok());
    if fits { Ok(lower) } else { Err(wrong()) }
}

fn port_of(text: &str) -> Result<u16, AddressError> {
    let port = text.parse().ok().filter(|port| *port > 0 && !text.starts_with('+'));
    port.ok_or_else(|| AddressError::Port(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(text: &str) -> String {
        WebAddress::new(text).unwrap().origin()
    }

    #[test]
    fn an_origin_is_what_a_browser_sends() {
        assert_eq!(origin("https://KB.Example/a?b#c"), "https://kb.example");
        assert_eq!(origin("https://kb.example:443/"), "https://kb.example");
        assert_eq!(origin("http://kb.example:443"), "http://kb.example:443");
        assert_eq!(origin("HTTP://127.0.0.1:9000/x:1"), "http://127.0.0.1:9000");
        assert_eq!(origin("http://[0:0::1]:80/"), "http://[::1]");
        assert_eq!(origin("http://[::1]"), "http://[::1]");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "",
            "kb.example",
            "ftp://kb.example/",
            "javascript:alert(1)",
            "https://",
            "https:///x",
            "https://a@b/",
            "https://a b/",
            "https://a..b/",
            "https://a:0/",
            "https://a:65536/",
            "https://a:/",
            "http://127.1/",
            "http://0x7f000001/",
            "https://ä.example/",
            "https://a;b/",
            "https://*.example/",
            "https://{id}.example/",
        ] {
            assert!(WebAddress::new(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_record_address_has_known_places_only() {
        let address = RecordAddress::new("https://crm.example/{type}?id={id}").unwrap();
        assert_eq!(address.origin(), "https://crm.example");
        let error = RecordAddress::new("https://crm.example/{Id}").unwrap_err();
        assert_eq!(error.to_string(), "the address contains {Id}; the placeholders are {id} and {type}");
    }
}
