//! Listeners that other machines can reach without encryption.

use std::net::SocketAddr;

use session::dialect::{Binding, HttpBinding, StreamBinding};

use super::Config;

/// The risks of a configuration's listeners: one line each, with the key.
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
    api.into_iter().chain(ends).collect()
}

/// The listener of an end, if it does not encrypt.
fn without_tls(binding: &Binding) -> Option<(&'static str, SocketAddr)> {
    match binding {
        Binding::Http(HttpBinding::Listener(http)) => Some((http.listen.key, http.listen.address)),
        Binding::Stream(StreamBinding::Listener { listen, tls, .. }) => {
            tls.certificate.is_none().then_some((listen.key, listen.address))
        }
        Binding::Http(HttpBinding::Path(_) | HttpBinding::Client { .. })
        | Binding::Stream(StreamBinding::Client { .. })
        | Binding::WebSocket(_)
        | Binding::Pages(_) => None,
    }
}
