//! From the transport that an end declares to the one that the hub runs.

use anyhow::Result;
use hub::driver::{Browsers, HttpLimits, LinkLimits, PageLimits, Transport, WebSocketClient};
use session::dialect::{self, HttpListener};

use super::tls;
use crate::config::Network;

/// Reads the files that the transport names.
pub(super) fn of(declared: dialect::Transport, network: &Network) -> Result<Transport> {
    Ok(match declared {
        dialect::Transport::HttpListener(http) => {
            Transport::Listen { address: http.listen.address, limits: limits(http, network) }
        }
        dialect::Transport::HttpPath(path) => {
            let usual = HttpLimits::default();
            let body_bytes_max = path.body_bytes_max.unwrap_or(usual.body_bytes_max);
            Transport::Inlet(HttpLimits { body_bytes_max, ..usual })
        }
        dialect::Transport::HttpClient { tls } => Transport::Ask { tls: tls::client(&tls)? },
        dialect::Transport::StreamListener { listen, allow, tls } => {
            let limits = LinkLimits { allow, ..LinkLimits::default() };
            Transport::Accept { address: listen.address, limits, tls: tls::server(&tls)? }
        }
        dialect::Transport::StreamClient { tls } => {
            Transport::Dial { limits: LinkLimits::default(), tls: tls::client(&tls)? }
        }
        dialect::Transport::WebSocketClient { authorization } => Transport::WebSocket {
            limits: LinkLimits::default(),
            client: WebSocketClient::new(authorization),
        },
        dialect::Transport::PageRelay { .. } => Transport::Relay(PageLimits::default()),
    })
}

fn limits(http: HttpListener, network: &Network) -> HttpLimits {
    let browsers = if http.browsers { Browsers::Accepted } else { Browsers::Refused };
    HttpLimits {
        policy: network.policy(&http.hosts, browsers),
        body_bytes_max: http.body_bytes_max,
        target_bytes_max: http.target_bytes_max,
        lenient_targets: http.lenient_targets,
        ..HttpLimits::default()
    }
}
