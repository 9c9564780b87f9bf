//! Removes secrets from request targets before they are logged.

use http::Uri;

/// The value of a parameter is hidden if its name contains one of these, in any case.
const SECRETS: [&str; 6] = ["password", "passwd", "pwd", "secret", "token", "auth"];

/// The target with the values of secret parameters hidden.
pub(super) fn redacted(uri: &Uri) -> String {
    let Some(query) = uri.query() else { return uri.path().to_owned() };
    let shown: Vec<String> = query.split('&').map(pair).collect();
    format!("{}?{}", uri.path(), shown.join("&"))
}

fn pair(pair: &str) -> String {
    let (name, _) = pair.split_once('=').unwrap_or((pair, ""));
    let lower = name.to_ascii_lowercase();
    // A percent-encoded name could be any name, so its value is hidden too.
    if name.contains('%') || SECRETS.iter().any(|secret| lower.contains(secret)) {
        return format!("{name}=…");
    }
    pair.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_not_shown() {
        let uri: Uri = "/x?agentID=7&agentPassword=hunter2&p%61ssword=y&AuthToken=z".parse().unwrap();
        assert_eq!(redacted(&uri), "/x?agentID=7&agentPassword=…&p%61ssword=…&AuthToken=…");
        assert_eq!(redacted(&"/x".parse().unwrap()), "/x");
    }
}
