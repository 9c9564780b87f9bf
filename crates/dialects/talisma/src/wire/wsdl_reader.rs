//! Reads namespaces, action and ports from a service's WSDL. The vendor publishes none of them (talisma.md §11).

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use http::Uri;
use wire::{
    soap::Version,
    xml::{self, Element},
};

use super::{
    Contract,
    contract::{CONTRACT, OPERATION},
    limits,
};
use crate::Error;

const WSDL: &str = "http://schemas.xmlsoap.org/wsdl/";
const XSD: &str = "http://www.w3.org/2001/XMLSchema";
const SOAP_11: &str = "http://schemas.xmlsoap.org/wsdl/soap/";
const SOAP_12: &str = "http://schemas.xmlsoap.org/wsdl/soap12/";

/// What a client needs to know of a service.
#[derive(Debug, Clone, PartialEq)]
pub struct ServiceInfo {
    /// Its namespaces.
    pub contract: Contract,
    /// The action of a request.
    pub action: String,
    /// Where requests are posted.
    pub address: Uri,
}

/// Reads a WSDL, document by document.
#[derive(Debug, Clone)]
pub struct WsdlReader {
    origin: Uri,
    read: BTreeSet<String>,
    wanted: VecDeque<String>,
    ports: Vec<Port>,
    /// Actions of our operation, by the binding's local name.
    actions: BTreeMap<String, String>,
    service: Option<String>,
    data: Option<String>,
    security_context: bool,
}

#[derive(Debug, Clone)]
struct Port {
    version: Version,
    /// Local name.
    binding: String,
    address: String,
}

impl WsdlReader {
    /// Begins with one document. Documents of other origins are not read.
    pub fn new(first: &Uri) -> Self {
        let location = first.to_string();
        Self {
            origin: first.clone(),
            read: BTreeSet::from([location.clone()]),
            wanted: VecDeque::from([location]),
            ports: Vec::new(),
            actions: BTreeMap::new(),
            service: None,
            data: None,
            security_context: false,
        }
    }

    /// The document to be read next.
    pub fn next_document(&mut self) -> Option<Uri> {
        let location = self.wanted.pop_front()?;
        location.parse().ok()
    }

    /// Reads a document.
    pub fn take(&mut self, document: &[u8]) -> Result<(), Error> {
        let root = xml::parse(document, &limits::WSDL)?;
        self.security_context |= has(&root, "SecureConversationToken");
        if root.is(XSD, "schema") {
            return self.schema(&root);
        }
        for element in root.elements().filter(|element| element.namespace() == Some(WSDL)) {
            match element.local() {
                "import" => self.add_document(element.attribute("location"))?,
                "types" => element.elements().try_for_each(|schema| self.schema(schema))?,
                "binding" => self.binding(element),
                "service" => element.elements().for_each(|port| self.port(port)),
                _ => {}
            }
        }
        Ok(())
    }

    /// The result for a version of SOAP.
    pub fn finish(self, version: Version) -> Result<ServiceInfo, Error> {
        let no = |what: String| Error::NoSuch { what };
        let port = self
            .ports
            .iter()
            .find(|port| port.version == version && self.actions.contains_key(&port.binding));
        let port = port.ok_or_else(|| no(format!("port for {CONTRACT} and {version:?}")))?;
        // basicHttpBinding has no security contexts, even if the other port requires one.
        if self.security_context && version == Version::Soap12 {
            return Err(Error::SecurityContext { address: port.address.clone() });
        }
        let address = port.address.parse().map_err(|_| Error::Url { url: port.address.clone() })?;
        let service = self.service.ok_or_else(|| no(format!("element {OPERATION}")))?;
        let data = self.data.ok_or_else(|| no("type of notificationRequest".to_owned()))?;
        let contract = Contract { service: service.into(), data: data.into() };
        let action = self.actions.get(&port.binding).filter(|action| !action.is_empty()).cloned();
        Ok(ServiceInfo { action: action.unwrap_or_else(|| contract.action()), contract, address })
    }

    fn schema(&mut self, schema: &Element) -> Result<(), Error> {
        for import in schema.elements().filter(|element| matches!(element.local(), "import" | "include")) {
            if import.attribute("schemaLocation").is_some() {
                self.add_document(import.attribute("schemaLocation"))?;
            }
        }
        let named = |element: &&Element| element.attribute("name") == Some(OPERATION);
        if let Some(operation) = schema.elements().filter(|element| element.local() == "element").find(named)
        {
            self.service = schema.attribute("targetNamespace").map(str::to_owned);
            self.data = request_type(operation).or_else(|| self.service.clone());
        }
        Ok(())
    }

    fn binding(&mut self, binding: &Element) {
        let operations = binding.elements().filter(|element| element.is(WSDL, "operation"));
        let mut ours = operations.filter(|operation| operation.attribute("name") == Some(OPERATION));
        if let (Some(name), Some(operation)) = (binding.attribute("name"), ours.next()) {
            let action = operation.first("operation").and_then(|soap| soap.attribute("soapAction"));
            self.actions.insert(name.to_owned(), action.unwrap_or_default().to_owned());
        }
    }

    fn port(&mut self, port: &Element) {
        let address = port.elements().find_map(|element| {
            let version = match element.namespace()? {
                SOAP_11 => Version::Soap11,
                SOAP_12 => Version::Soap12,
                _ => return None,
            };
            Some((version, element.attribute("location")?.to_owned()))
        });
        let binding =
            port.attribute("binding").map(|name| name.rsplit(':').next().unwrap_or(name).to_owned());
        if let (Some((version, address)), Some(binding)) = (address, binding) {
            self.ports.push(Port { version, binding, address });
        }
    }

    /// Adds another document to read, if it has the same origin and the limit allows it.
    fn add_document(&mut self, location: Option<&str>) -> Result<(), Error> {
        let Some(location) = location else { return Ok(()) };
        let refuse = |why| Error::Import { location: location.chars().take(200).collect(), why };
        let uri = absolute(&self.origin, location).ok_or_else(|| refuse("it is not a valid address"))?;
        if uri.authority() != self.origin.authority() || uri.scheme() != self.origin.scheme() {
            return Err(refuse("it is on another host"));
        }
        if self.read.len() >= limits::WSDL_DOCUMENTS_MAX {
            return Err(refuse("there are too many documents"));
        }
        let location = uri.to_string();
        if self.read.insert(location.clone()) {
            self.wanted.push_back(location);
        }
        Ok(())
    }
}

/// The namespace of the parameter's type; `None` when the type is declared inline, as `XmlSerializer` may do.
fn request_type(operation: &Element) -> Option<String> {
    let sequence = operation.first("complexType")?.first("sequence")?;
    let named = |element: &&Element| element.attribute("name") == Some("notificationRequest");
    let parameter = sequence.elements().find(named)?;
    let (namespace, _) = parameter.resolve(parameter.attribute("type")?)?;
    namespace.map(str::to_owned)
}

fn has(element: &Element, local: &str) -> bool {
    element.local() == local || element.elements().any(|child| has(child, local))
}

/// Resolves an address from a document: absolute, from the root, only a query, or relative to the document.
fn absolute(base: &Uri, location: &str) -> Option<Uri> {
    if location.contains("://") {
        return location.parse().ok();
    }
    let (scheme, authority, path) = (base.scheme_str()?, base.authority()?, base.path());
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let path = match location.chars().next()? {
        '/' => location.to_owned(),
        '?' => format!("{path}{location}"),
        _ => format!("{folder}/{location}"),
    };
    format!("{scheme}://{authority}{path}").parse().ok()
}
