//! Errors in a message, a WSDL or the configuration.

/// An error in a message, a WSDL or the configuration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A member occurs twice in one object.
    #[error("the member {member} occurs twice")]
    Twice {
        /// The member's name.
        member: String,
    },
    /// A member has an invalid value.
    #[error("'{text}' is not a valid {expected} for {member}")]
    Value {
        /// The member's name.
        member: &'static str,
        /// The expected type.
        expected: &'static str,
        /// The value found.
        text: String,
    },
    /// A member whose value is text or a number contains an element.
    #[error("the member {member} contains the element {child}; expected only a value")]
    Nested {
        /// The member's name.
        member: String,
        /// The name of the element in it.
        child: String,
    },
    /// An object or a list contains text.
    #[error("the element {element} contains the text '{text}'; expected only elements")]
    Text {
        /// The name of the object or list.
        element: String,
        /// The text found.
        text: String,
    },
    /// A required member is missing.
    #[error("the answer has no {member}")]
    Missing {
        /// The member's name.
        member: &'static str,
    },
    /// A WSDL is not XML, or it is too large.
    #[error("the WSDL cannot be read: {0}")]
    Wsdl(#[from] wire::xml::Error),
    /// A document that the WSDL needs is not read.
    #[error("the WSDL needs {location}, which is not read: {why}")]
    Import {
        /// The address of the document.
        location: String,
        /// Why it is not read.
        why: &'static str,
    },
    /// The WSDL lacks something.
    #[error("the WSDL describes no {what}")]
    NoSuch {
        /// What is missing.
        what: String,
    },
    /// The service requires a security context, which only .NET clients can establish.
    #[error(
        "the service at {address} requires a security context (SecureConversation); have its owner set establishSecurityContext=\"false\" or offer basicHttpBinding"
    )]
    SecurityContext {
        /// The address of the service.
        address: String,
    },
    /// The configured URL is invalid.
    #[error("url {url:?} is not of the form http://host:port/path or https://host:port/path")]
    Url {
        /// The configured value.
        url: String,
    },
    /// The configured path is invalid.
    #[error("path {path:?} must begin with a slash and have only characters that are allowed in a path")]
    Path {
        /// The configured value.
        path: String,
    },
    /// The configured way to sign in needs an account.
    #[error("auth is {auth}, which needs user and password; set both")]
    NoAccount {
        /// The value of `auth`.
        auth: &'static str,
    },
}
