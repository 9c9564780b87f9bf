//! Risks of a configuration: what other machines can read, and certificates that do not work for long.

use std::{
    net::{IpAddr, SocketAddr},
    time::SystemTime,
};

use jiff::Timestamp;
use session::dialect::{Binding, HttpBinding, PlainLink, StreamBinding, TlsFiles};

use super::Config;
use crate::assemble::tls;

/// The risks of a configuration: listeners and links without encryption, and certificates. One line each, with the key.
pub(crate) fn exposed(config: &Config) -> Vec<String> {
    let http = config.node.http.listen.socket();
    let api = (!http.ip().is_loopback()).then(|| {
        format!(
            "http.listen is {http}, without TLS: others on the network can read passwords and tokens; listen on a loopback \
             address, and use http.tls or a proxy with TLS"
        )
    });
    let ends = config.ends.iter().filter_map(|end| {
        let (key, address) = without_tls(&end.end.binding())?;
        let key = end.key(key);
        (!address.ip().is_loopback()).then(|| {
            format!("{key} is {address}, without TLS: others on the network can read what peers send and send as them")
        })
    });
    let links = config.ends.iter().filter_map(|end| {
        let PlainLink { key, address } = end.end.plain_link()?;
        let key = end.key(key);
        (!is_this_machine(&address)).then(|| {
            format!("{key} is {address}, without TLS: others on the network can read the passwords and calls that are sent there")
        })
    });
    api.into_iter().chain(ends).chain(links).chain(certificates(config)).collect()
}

/// Problems with the certificates of listeners and links, each with its section.
fn certificates(config: &Config) -> Vec<String> {
    let now = now();
    let api = config.node.http.tls.iter().map(|tls| ("http.tls".to_owned(), tls.files()));
    let ends = config.ends.iter().flat_map(|end| {
        let files: Vec<TlsFiles> = end.end.binding().tls().into_iter().cloned().collect();
        files.into_iter().map(|files| (end.path.clone(), files))
    });
    let mut found: Vec<String> = Vec::new();
    for (section, files) in api.chain(ends) {
        let lines = tls::warnings(&files, now).into_iter().map(|text| format!("{section}: {text}"));
        // Two connections of an end can use the same file.
        found.extend(lines);
        found.dedup();
    }
    found
}

/// The time, as the library of dates has it.
fn now() -> Timestamp {
    Timestamp::try_from(SystemTime::now()).unwrap_or(Timestamp::MAX)
}

/// Whether a peer's address, a host and a port or a URL, is on this machine.
fn is_this_machine(address: &str) -> bool {
    let place = address.split_once("://").map_or(address, |(_, rest)| rest);
    let place = place.split(['/', '?']).next().unwrap_or_default();
    let host = place.rsplit_once(':').map_or(place, |(host, _)| host).trim_matches(['[', ']']);
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// The listener of an end, if it does not encrypt.
fn without_tls(binding: &Binding) -> Option<(&'static str, SocketAddr)> {
    let (listen, tls) = match binding {
        Binding::Http(HttpBinding::Listener(http)) => (&http.listen, &http.tls),
        Binding::Stream(StreamBinding::Listener { listen, tls, .. }) => (listen, tls),
        Binding::Http(HttpBinding::Path(_) | HttpBinding::Client { .. })
        | Binding::Stream(StreamBinding::Client { .. })
        | Binding::WebSocket(_)
        | Binding::Pages(_) => return None,
    };
    tls.certificate.is_none().then_some((listen.key, listen.address))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_this_machine_is_recognized() {
        for here in ["127.0.0.1:8088", "[::1]:8088", "http://localhost:3107", "https://127.0.0.1/a:b"] {
            assert!(is_this_machine(here), "{here}");
        }
        for elsewhere in
            ["10.0.0.5:8088", "http://softphone:3107/", "localhost.example:1", "http://[2001:db8::1]:80"]
        {
            assert!(!is_this_machine(elsewhere), "{elsewhere}");
        }
    }
}
