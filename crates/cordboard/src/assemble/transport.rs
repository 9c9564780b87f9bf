//! Converts the transport that an end declares into the one that the hub opens. Reads the files that it names.

use anyhow::Result;
use hub::driver::{self, Browsers, HttpLimits, LinkLimits, SocketWay};
use session::dialect::{HttpBinding, HttpListener, StreamBinding, WebSocketClient};

use super::tls;
use crate::config::Network;

pub(super) fn http(way: &HttpBinding, network: &Network) -> Result<driver::HttpWay> {
    Ok(match way {
        HttpBinding::Listener(http) => {
            driver::HttpWay::Listen { address: http.listen.address, limits: limits(http, network) }
        }
        HttpBinding::Path(path) => {
            let usual = HttpLimits::default();
            let body_bytes_max = path.body_bytes_max.unwrap_or(usual.body_bytes_max);
            driver::HttpWay::Inlet(HttpLimits { body_bytes_max, ..usual })
        }
        HttpBinding::Client { tls } => driver::HttpWay::Ask { tls: tls::client(tls)? },
    })
}

pub(super) fn stream(way: StreamBinding) -> Result<driver::StreamWay> {
    Ok(match way {
        StreamBinding::Listener { listen, allow, tls } => {
            let limits = LinkLimits { allow, ..LinkLimits::default() };
            driver::StreamWay::Accept { address: listen.address, limits, tls: tls::server(&tls)? }
        }
        StreamBinding::Client { tls } => {
            driver::StreamWay::Dial { limits: LinkLimits::default(), tls: tls::client(&tls)? }
        }
    })
}

pub(super) fn socket(client: WebSocketClient) -> SocketWay {
    let client = driver::WebSocketClient::new(client.authorization);
    SocketWay { limits: LinkLimits::default(), client }
}

fn limits(http: &HttpListener, network: &Network) -> HttpLimits {
    let browsers = if http.browsers { Browsers::Accepted } else { Browsers::Refused };
    HttpLimits {
        policy: network.policy(&http.hosts, browsers),
        body_bytes_max: http.body_bytes_max,
        target_bytes_max: http.target_bytes_max,
        repair: http.repair,
        ..HttpLimits::default()
    }
}
