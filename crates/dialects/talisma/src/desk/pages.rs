//! The pages for browsers and proxy generators: the WSDL, and a page with its address.

use bytes::Bytes;
use http::{Request, Response, StatusCode, header::HOST};
use wire::xml::escaped;

use super::answers::{bare, response};
use crate::{
    DeskConfig,
    wire::{Policies, wsdl},
};

/// The page for a query: `?wsdl` or `?singleWsdl`, with `&policy=none` for clients that cannot read policies, or no query.
pub(super) fn page(request: &Request<Bytes>, config: &DeskConfig) -> Response<Bytes> {
    let Some(address) = address(request, config) else { return bare(StatusCode::BAD_REQUEST) };
    let query = request.uri().query().unwrap_or_default().to_ascii_lowercase();
    match query.split('&').next().unwrap_or_default() {
        "wsdl" | "singlewsdl" => {
            let is_plain = query.split('&').any(|pair| pair == "policy=none");
            let policies = match address.starts_with("http:") {
                _ if is_plain => Policies::None,
                true if config.basic => Policies::Basic,
                true => Policies::None,
                false => Policies::UserNameOverTls,
            };
            let document = wsdl(&config.contract(), &address, policies);
            response(StatusCode::OK, "text/xml; charset=utf-8", document)
        }
        "" => response(StatusCode::OK, "text/html; charset=utf-8", help(&address)),
        _ => bare(StatusCode::NOT_FOUND),
    }
}

/// The address of the service for clients: the configured one, or else that of the request.
fn address(request: &Request<Bytes>, config: &DeskConfig) -> Option<String> {
    if let Some(url) = &config.public_url {
        return Some(url.clone());
    }
    let host = request.headers().get(HOST)?.to_str().ok()?;
    let host: http::uri::Authority = host.parse().ok()?;
    Some(format!("http://{host}{}{}", config.mount, config.path))
}

fn help(address: &str) -> String {
    let address = escaped(address);
    format!(
        "<!doctype html><html lang=\"en\"><title>PostNotification</title><h1>IPostNotification</h1>\
         <p>This is a SOAP service. Its description: <a href=\"{address}?wsdl\">{address}?wsdl</a>, \
         without policies: <a href=\"{address}?wsdl&amp;policy=none\">{address}?wsdl&amp;policy=none</a>.</p></html>"
    )
}
