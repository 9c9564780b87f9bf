//! The two versions of SOAP.

/// A version of SOAP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// SOAP 1.1: `text/xml`, with the action in the header `SOAPAction`.
    Soap11,
    /// SOAP 1.2: `application/soap+xml`, with the action in WS-Addressing or in the content type.
    Soap12,
}

impl Version {
    /// The namespace of the envelope.
    pub fn namespace(self) -> &'static str {
        match self {
            Self::Soap11 => "http://schemas.xmlsoap.org/soap/envelope/",
            Self::Soap12 => "http://www.w3.org/2003/05/soap-envelope",
        }
    }

    /// The content type of messages to send.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Soap11 => "text/xml; charset=utf-8",
            Self::Soap12 => "application/soap+xml; charset=utf-8",
        }
    }

    /// The version of a content type; `None` for other content types and for character sets other than UTF-8.
    pub fn of_content_type(content_type: &str) -> Option<Self> {
        let mut parts = content_type.split(';').map(str::trim);
        let version = match parts.next()?.to_ascii_lowercase().as_str() {
            "text/xml" => Self::Soap11,
            "application/soap+xml" => Self::Soap12,
            _ => return None,
        };
        let charset = parameter(content_type, "charset");
        let readable = charset.is_none_or(|charset| {
            ["utf-8", "us-ascii"].iter().any(|known| charset.eq_ignore_ascii_case(known))
        });
        readable.then_some(version)
    }

    /// Whether a header with this actor or role is for the final recipient, which Cordboard is.
    pub(super) fn is_for_us(self, role: &str) -> bool {
        let next = match self {
            Self::Soap11 => "http://schemas.xmlsoap.org/soap/actor/next",
            Self::Soap12 => "http://www.w3.org/2003/05/soap-envelope/role/next",
        };
        let ultimate = "http://www.w3.org/2003/05/soap-envelope/role/ultimateReceiver";
        role.is_empty() || role == next || (self == Self::Soap12 && role == ultimate)
    }
}

/// A parameter of a content type, without its quotes: `action="…"`.
pub(super) fn parameter<'a>(content_type: &'a str, name: &str) -> Option<&'a str> {
    let parameters = content_type.split(';').skip(1).filter_map(|part| part.split_once('='));
    let mut found = parameters.filter(|(found, _)| found.trim().eq_ignore_ascii_case(name));
    found.next().map(|(_, value)| value.trim().trim_matches('"'))
}

impl Version {
    /// The action in a content type of SOAP 1.2.
    pub fn action_of(content_type: &str) -> Option<&str> {
        parameter(content_type, "action").filter(|action| !action.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_content_type_names_its_version() {
        let version = Version::of_content_type;
        assert_eq!(version("text/xml; charset=utf-8"), Some(Version::Soap11));
        assert_eq!(version("TEXT/XML"), Some(Version::Soap11));
        let quoted = "application/soap+xml;charset=\"UTF-8\";action=\"urn:a\"";
        assert_eq!(version(quoted), Some(Version::Soap12));
        assert_eq!(Version::action_of(quoted), Some("urn:a"));
        for other in ["", "application/json", "text/xml; charset=utf-16", "text/html"] {
            assert_eq!(version(other), None, "{other}");
        }
    }
}
