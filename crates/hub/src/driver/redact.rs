//! Keeps secrets of a request's target out of the log.

use http::Uri;

/// A parameter whose name holds one of these, in any case, is not shown.
const SECRETS: [&str; 6] = ["password", "passwd", "pwd", "secret", "token", "auth"];

/// The target without the values of secret parameters.
pub(super) fn redacted(uri: &Uri) -> String {
    let Some(query) = uri.query() else { return uri.path().to_owned() };
    let shown: Vec<String> = query.split('&').map(pair).collect();
    format!("{}?{}", uri.path(), shown.join("&"))
}

fn pair(pair: &str) -> String {
    let (name, _) = pair.split_once('=').unwrap_or((pair, ""));
    let lower = name.to_ascii_lowercase();
    // An encoded name may be any: it is not worth decoding for a log.
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
