//! What can be wrong with a message, a description or a configuration.

/// What can be wrong with a message, a description or a configuration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A member stands twice in one object.
    #[error("member {member} stands twice")]
    Twice {
        /// Which.
        member: String,
    },
    /// A member is not what it should be.
    #[error("'{text}' is not a valid {expected} for {member}")]
    Value {
        /// Which.
        member: &'static str,
        /// What it should be.
        expected: &'static str,
        /// What stands there.
        text: String,
    },
    /// A member is not there.
    #[error("the answer has no {member}")]
    Missing {
        /// Which.
        member: &'static str,
    },
    /// A WSDL is not XML, or too large.
    #[error("the wsdl cannot be read: {0}")]
    Wsdl(#[from] wire::xml::Error),
    /// The service is described in too many documents, or elsewhere.
    #[error("the wsdl needs {location}, which is not read: {why}")]
    Import {
        /// Where the document is.
        location: String,
        /// Why it is not read.
        why: &'static str,
    },
    /// A description lacks something.
    #[error("the wsdl describes no {what}")]
    NoSuch {
        /// What is looked for.
        what: String,
    },
    /// The service wants what no peer but .NET can do.
    #[error(
        "the service at {address} wants a security context (SecureConversation); have its owner set establishSecurityContext=\"false\", or offer basicHttpBinding"
    )]
    SecurityContext {
        /// Where the service is.
        address: String,
    },
    /// The configured address is none.
    #[error("url {url:?} is not of the form http://host:port/path or https://host:port/path")]
    Url {
        /// What was configured.
        url: String,
    },
    /// The configured path is none.
    #[error("path {path:?} does not begin with a slash, or has characters that a path has not")]
    Path {
        /// What was configured.
        path: String,
    },
    /// A way to sign in needs an account.
    #[error("auth is {auth}, which needs a user and a password")]
    NoAccount {
        /// Which way.
        auth: &'static str,
    },
}
