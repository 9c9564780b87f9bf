//! Converts the transport that an end declares into the one that the hub opens. Reads the files that it names.

use anyhow::Result;
use hub::driver::{self, Browsers, HttpLimits, LinkLimits, WebSocketTransport};
use session::dialect::{HttpBinding, HttpListener, StreamBinding, WebSocketClient};

use super::tls::Certificates;
use crate::config::Network;

pub(super) fn http(
    way: &HttpBinding,
    network: &Network,
    certificates: &mut Certificates,
) -> Result<driver::HttpTransport> {
    Ok(match way {
        HttpBinding::Listener(http) => driver::HttpTransport::Listen {
            address: http.listen.address,
            limits: limits(http, network),
            tls: certificates.server(&http.tls)?,
            requests: certificates.client(&http.requests_tls)?,
        },
        HttpBinding::Path(path) => {
            let usual = HttpLimits::default();
            let body_bytes_max = path.body_bytes_max.unwrap_or(usual.body_bytes_max);
            driver::HttpTransport::Forwarded(HttpLimits { body_bytes_max, ..usual })
        }
        HttpBinding::Client { tls } => driver::HttpTransport::Client { tls: certificates.client(tls)? },
    })
}

pub(super) fn stream(way: StreamBinding, certificates: &mut Certificates) -> Result<driver::StreamTransport> {
    Ok(match way {
        StreamBinding::Listener { listen, allow, tls } => {
            let limits = LinkLimits { allow, ..LinkLimits::default() };
            driver::StreamTransport::Accept {
                address: listen.address,
                limits,
                tls: certificates.server(&tls)?,
            }
        }
        StreamBinding::Client { tls } => {
            driver::StreamTransport::Dial { limits: LinkLimits::default(), tls: certificates.client(&tls)? }
        }
    })
}

pub(super) fn socket(client: WebSocketClient, certificates: &mut Certificates) -> Result<WebSocketTransport> {
    let tls = certificates.client(&client.tls)?;
    let client = driver::WebSocketClient { tls, ..driver::WebSocketClient::new(client.authorization) };
    Ok(WebSocketTransport { limits: LinkLimits::default(), client })
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
