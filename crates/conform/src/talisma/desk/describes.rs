//! The WSDL and the page of the service.

use super::{Script, post::Post, r};
use crate::{
    http::Message,
    soap::{Node, node},
    talisma::contract,
};

impl Script<'_> {
    pub(super) async fn describes(&mut self) {
        for query in ["?wsdl", "?singleWsdl", "?WSDL"] {
            let Some(response) = self.page(r::WSDL, query).await else { return };
            let kind = response.header("content-type").unwrap_or_default().to_ascii_lowercase();
            let typed = response.status() == 200 && kind.replace(' ', "") == "text/xml;charset=utf-8";
            self.findings.check(r::WSDL, typed, "200 and text/xml; charset=utf-8", &response.bytes);
            if query == "?singleWsdl" {
                self.judge_wsdl(&response);
            }
        }
        if let Some(page) = self.page(r::PAGE, "").await {
            let html = page.header("content-type").is_some_and(|kind| kind.starts_with("text/html"));
            self.findings.check(r::PAGE, html && page.status() == 200, "an HTML page", &page.bytes);
        }
        if let Some(other) = self.page(r::PAGE, "?conform").await {
            self.findings.check(r::PAGE, other.status() == 404, "the status 404", &other.bytes);
        }
    }

    async fn page(&mut self, of: &'static crate::Requirement, query: &str) -> Option<Message> {
        let post = Post { path: query.to_owned(), ..self.valid() }.get();
        self.send(of, &post).await
    }

    fn judge_wsdl(&mut self, response: &Message) {
        let (findings, bytes) = (&mut self.findings, &response.bytes);
        let Some(wsdl) = node(&response.content()) else {
            findings.check(r::CONTRACT, false, "a WSDL", bytes);
            return;
        };
        let operation = find(&wsdl, "portType", "IPostNotification")
            .is_some_and(|port_type| find(port_type, "operation", "PostNotification").is_some());
        let action = contract::action(&self.server.namespaces);
        let named = String::from_utf8_lossy(&response.body).contains(&format!("soapAction=\"{action}\""));
        let expected = format!("IPostNotification with PostNotification and the action {action}");
        findings.check(r::CONTRACT, operation && named, &expected, bytes);
        for (name, members) in contract::TYPES {
            let found = find(&wsdl, "complexType", name);
            let listed: Vec<&str> = found.map(members_of).unwrap_or_default();
            let all = members.iter().all(|(member, _)| listed.contains(member));
            findings.check(r::SCHEMA, all, &format!("{name} with every member"), bytes);
            let ordered = listed.is_sorted_by(|one, next| one.as_bytes() < next.as_bytes());
            findings.check(
                r::SCHEMA_ORDER,
                ordered,
                &format!("the members of {name} in ordinal order"),
                bytes,
            );
        }
        let service = wsdl.child("service");
        let first = service.and_then(|service| service.child("port")).and_then(|port| port.child("address"));
        let old = first.is_some_and(|address| address.namespace == "http://schemas.xmlsoap.org/wsdl/soap/");
        findings.check(r::PORTS, old, "the SOAP 1.1 port first", bytes);
    }
}

/// The first element with this local name and this attribute `name`, at any depth.
fn find<'a>(node: &'a Node, element: &str, name: &str) -> Option<&'a Node> {
    if node.name == element && node.attribute("", "name") == Some(name) {
        return Some(node);
    }
    node.children.iter().find_map(|child| find(child, element, name))
}

fn members_of(complex: &Node) -> Vec<&str> {
    let sequence = complex.child("sequence");
    let members = sequence.map_or(&[][..], |sequence| &sequence.children);
    members.iter().filter_map(|member| member.attribute("", "name")).collect()
}
