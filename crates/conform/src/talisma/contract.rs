//! The data contract: types with their members (talisma.md §1.2), as a judge and as a WSDL.

use std::fmt::Write;

use super::Namespaces;
use crate::soap::Node;

/// The content of a member.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Int,
    /// An integer that may be nil.
    NilInt,
    Boolean,
    Text,
    One(&'static str),
    List(&'static str),
}

type Members = &'static [(&'static str, Kind)];

/// The types. Their members are in ordinal order (talisma.md §3.2).
pub(super) const TYPES: [(&str, Members); 6] = [
    (
        "NotificationRequest",
        &[
            ("MediaType", Kind::Int),
            ("NotificationData", Kind::One("NotificationData")),
            ("UserId", Kind::Int),
        ],
    ),
    (
        "NotificationData",
        &[
            ("AccountId", Kind::Int),
            ("CaseId", Kind::Int),
            ("ChangeInteractionNotes", Kind::NilInt),
            ("CreatePreview", Kind::NilInt),
            ("CustomList", Kind::List("CustomData")),
            ("IsLogCaseMandatory", Kind::Boolean),
            ("ObjectId", Kind::Int),
            ("ObjectType", Kind::Int),
            ("PayLoad", Kind::List("PayLoadData")),
            ("ScriptId", Kind::Int),
            ("SessionId", Kind::Int),
            ("SessionMode", Kind::Int),
        ],
    ),
    ("CustomData", &[("Key", Kind::Text), ("Value", Kind::Text)]),
    ("PayLoadData", &[("ObjectType", Kind::Int), ("PropertyDataList", Kind::List("PropertyData"))]),
    ("PropertyData", &[("PropertyId", Kind::Int), ("PropertyValue", Kind::Text)]),
    (
        "NotificationResponse",
        &[
            ("ErrorMessage", Kind::Text),
            ("InnerException", Kind::Text),
            ("JsonString", Kind::Text),
            ("StatusCode", Kind::Int),
        ],
    ),
];

fn members(of: &str) -> Members {
    TYPES.iter().find(|(name, _)| *name == of).map_or(&[], |(_, members)| members)
}

/// What holds for an object and everything in it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    /// Members have the contract's names.
    pub(super) names: bool,
    /// Members are in ordinal order.
    pub(super) order: bool,
    /// Members are in the namespace of the data.
    pub(super) namespace: bool,
    /// Values have the contract's types.
    pub(super) values: bool,
    /// Only what may be null is nil, and nothing else is empty.
    pub(super) nils: bool,
}

/// Judges an object of this type.
pub(super) fn judge(node: &Node, of: &str, namespace: &str) -> Shape {
    let mut shape = Shape { names: true, order: true, namespace: true, values: true, nils: true };
    object(node, of, namespace, &mut shape);
    shape
}

fn object(node: &Node, of: &str, namespace: &str, shape: &mut Shape) {
    let names: Vec<&str> = node.children.iter().map(|child| child.name.as_str()).collect();
    shape.order &= names.is_sorted_by(|one, next| one.as_bytes() < next.as_bytes());
    for child in &node.children {
        shape.namespace &= child.namespace == namespace;
        match members(of).iter().find(|(name, _)| *name == child.name) {
            Some((_, kind)) => member(child, *kind, namespace, shape),
            None => shape.names = false,
        }
    }
}

fn member(node: &Node, kind: Kind, namespace: &str, shape: &mut Shape) {
    let text = node.text.trim();
    if node.is_nil() || (text.is_empty() && node.children.is_empty()) {
        let null = node.is_nil() && text.is_empty() && node.children.is_empty();
        shape.nils &= match kind {
            Kind::Int | Kind::Boolean => false,
            Kind::NilInt | Kind::One(_) => null,
            Kind::Text | Kind::List(_) => null || !node.is_nil(),
        };
        return;
    }
    match kind {
        Kind::Int | Kind::NilInt => shape.values &= text.parse::<i32>().is_ok() && node.children.is_empty(),
        Kind::Boolean => shape.values &= matches!(text, "true" | "false" | "1" | "0"),
        Kind::Text => shape.values &= node.children.is_empty(),
        Kind::One(of) => object(node, of, namespace, shape),
        Kind::List(of) => {
            shape.names &= node.children.iter().all(|item| item.name == of);
            shape.namespace &= node.children.iter().all(|item| item.namespace == namespace);
            node.children.iter().for_each(|item| object(item, of, namespace, shape));
        }
    }
}

/// The action of the operation (talisma.md §3.1).
pub(super) fn action(namespaces: &Namespaces) -> String {
    let service = namespaces.service.trim_end_matches('/');
    format!("{service}/IPostNotification/PostNotification")
}

/// The WSDL of a service at this address.
pub(super) fn wsdl(address: &str, namespaces: &Namespaces) -> String {
    let (service, data, action) = (&namespaces.service, &namespaces.data, action(namespaces));
    let types: String = TYPES.iter().map(|(name, members)| complex(name, members)).collect();
    let lists: String = ["CustomData", "PayLoadData", "PropertyData"].into_iter().map(list).collect();
    let wrapper = |name: &str, part: &str, of: &str| {
        format!(
            "<xs:element name=\"{name}\"><xs:complexType><xs:sequence><xs:element minOccurs=\"0\" name=\"{part}\" \
             nillable=\"true\" type=\"d:{of}\"/></xs:sequence></xs:complexType></xs:element>"
        )
    };
    let wrappers = wrapper("PostNotification", "notificationRequest", "NotificationRequest")
        + &wrapper("PostNotificationResponse", "PostNotificationResult", "NotificationResponse");
    let bindings =
        binding("BasicHttpBinding", "soap", &action) + &binding("WSHttpBinding", "soap12", &action);
    format!(
        "<wsdl:definitions xmlns:wsdl=\"http://schemas.xmlsoap.org/wsdl/\" xmlns:soap=\"http://schemas.xmlsoap.org/wsdl/soap/\" \
         xmlns:soap12=\"http://schemas.xmlsoap.org/wsdl/soap12/\" xmlns:tns=\"{service}\" \
         xmlns:wsaw=\"http://www.w3.org/2006/05/addressing/wsdl\" xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" \
         xmlns:d=\"{data}\" name=\"PostNotificationService\" targetNamespace=\"{service}\"><wsdl:types>\
         <xs:schema elementFormDefault=\"qualified\" targetNamespace=\"{data}\">{types}{lists}</xs:schema>\
         <xs:schema elementFormDefault=\"qualified\" targetNamespace=\"{service}\"><xs:import namespace=\"{data}\"/>\
         {wrappers}</xs:schema></wsdl:types>\
         <wsdl:message name=\"In\"><wsdl:part name=\"parameters\" element=\"tns:PostNotification\"/></wsdl:message>\
         <wsdl:message name=\"Out\"><wsdl:part name=\"parameters\" element=\"tns:PostNotificationResponse\"/></wsdl:message>\
         <wsdl:portType name=\"IPostNotification\"><wsdl:operation name=\"PostNotification\">\
         <wsdl:input wsaw:Action=\"{action}\" message=\"tns:In\"/>\
         <wsdl:output wsaw:Action=\"{action}Response\" message=\"tns:Out\"/></wsdl:operation></wsdl:portType>{bindings}\
         <wsdl:service name=\"PostNotificationService\">\
         <wsdl:port name=\"BasicHttpBinding_IPostNotification\" binding=\"tns:BasicHttpBinding_IPostNotification\">\
         <soap:address location=\"{address}\"/></wsdl:port>\
         <wsdl:port name=\"WSHttpBinding_IPostNotification\" binding=\"tns:WSHttpBinding_IPostNotification\">\
         <soap12:address location=\"{address}/ws\"/></wsdl:port></wsdl:service></wsdl:definitions>"
    )
}

fn complex(name: &str, members: Members) -> String {
    let mut elements = String::new();
    for (member, kind) in members {
        let attributes = match kind {
            Kind::Int => "type=\"xs:int\"".to_owned(),
            Kind::NilInt => "nillable=\"true\" type=\"xs:int\"".to_owned(),
            Kind::Boolean => "type=\"xs:boolean\"".to_owned(),
            Kind::Text => "nillable=\"true\" type=\"xs:string\"".to_owned(),
            Kind::One(of) => format!("nillable=\"true\" type=\"d:{of}\""),
            Kind::List(of) => format!("nillable=\"true\" type=\"d:ArrayOf{of}\""),
        };
        let _ = write!(elements, "<xs:element minOccurs=\"0\" name=\"{member}\" {attributes}/>");
    }
    format!(
        "<xs:complexType name=\"{name}\"><xs:sequence>{elements}</xs:sequence></xs:complexType>\
         <xs:element name=\"{name}\" nillable=\"true\" type=\"d:{name}\"/>"
    )
}

fn list(of: &str) -> String {
    format!(
        "<xs:complexType name=\"ArrayOf{of}\"><xs:sequence><xs:element minOccurs=\"0\" maxOccurs=\"unbounded\" \
         name=\"{of}\" nillable=\"true\" type=\"d:{of}\"/></xs:sequence></xs:complexType>"
    )
}

fn binding(name: &str, prefix: &str, action: &str) -> String {
    format!(
        "<wsdl:binding name=\"{name}_IPostNotification\" type=\"tns:IPostNotification\">\
         <{prefix}:binding transport=\"http://schemas.xmlsoap.org/soap/http\"/><wsdl:operation name=\"PostNotification\">\
         <{prefix}:operation soapAction=\"{action}\" style=\"document\"/><wsdl:input><{prefix}:body use=\"literal\"/></wsdl:input>\
         <wsdl:output><{prefix}:body use=\"literal\"/></wsdl:output></wsdl:operation></wsdl:binding>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::soap::node;

    #[test]
    fn an_object_is_judged_by_the_contract() {
        let judged = |xml: &str| {
            let xml = format!("<r xmlns='urn:d' xmlns:i='{}'>{xml}</r>", crate::soap::INSTANCE);
            judge(&node(xml.as_bytes()).unwrap(), "NotificationData", "urn:d")
        };
        let all = |shape: Shape| shape.names && shape.order && shape.namespace && shape.values && shape.nils;
        let list = "<CustomList><CustomData><Key>a</Key><Value/></CustomData></CustomList>";
        let good =
            format!("<AccountId>-1</AccountId><CreatePreview i:nil='true'/>{list}<ObjectId>7</ObjectId>");
        assert!(all(judged(&good)));
        assert!(!judged(&good.replace("ObjectId", "objectId")).names);
        assert!(!judged("<ObjectId>7</ObjectId><AccountId>1</AccountId>").order);
        assert!(!judged("<AccountId xmlns='urn:e'>1</AccountId>").namespace);
        assert!(!judged(&good.replace('7', "seven")).values);
        assert!(!judged("<AccountId i:nil='true'/>").nils && !judged("<CreatePreview/>").nils);
    }

    #[test]
    fn the_wsdl_is_xml() {
        assert!(node(wsdl("http://h/s.svc", &Namespaces::default()).as_bytes()).is_some());
    }
}
