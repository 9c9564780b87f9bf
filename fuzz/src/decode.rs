//! Fuzz targets for decoders: bytes as a peer sends them. If there is also an encoder, the decoded value must be the same after it is
//! encoded and decoded again.

use bytes::Bytes;
use http::Response;
use model::{Contact, Event, Floor, Snapshot, SwitchAnswer, SwitchEvent, SwitchRequest, Timestamp, Verb};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use wire::{
    frame,
    soap::{Message, Version},
    xml,
};

use crate::Named;

/// The targets of decoders.
pub(crate) const TARGETS: &[Named] = &[
    ("wire-frame", frames),
    ("wire-soap", soap),
    ("wire-xml", |bytes| drop(xml::parse(bytes, &xml::Limits::MESSAGE))),
    ("talisma-wire", talisma),
    ("uwq-wire", uwq),
    ("harmony-wire", harmony),
    ("max-wire", max),
    ("crm-connector-wire", crm_connector),
    ("ari-wire", ari),
    ("model-json", model),
    ("relay", |bytes| drop(std::str::from_utf8(bytes).map(hub::http::read_page_message))),
    ("configuration", |bytes| drop(std::str::from_utf8(bytes).map(cordboard::read_configuration))),
    ("floor", |bytes| drop(std::str::from_utf8(bytes).map(cordboard::read_floor))),
];

/// Decodes frames. The first byte is the size of the pieces in which the other bytes arrive.
fn frames(bytes: &[u8]) {
    let Some((size, stream)) = bytes.split_first() else { return };
    let format = frame::Format { order: frame::ByteOrder::Big, bytes_max: 1_000 };
    let mut reader = frame::Reader::new(format);
    let mut read = Vec::new();
    for piece in stream.chunks(usize::from(*size).max(1)) {
        reader.push(piece);
        loop {
            match reader.next() {
                Ok(Some(contents)) => {
                    read.extend_from_slice(
                        &frame::encode(format, &contents).expect("it was short enough to read"),
                    );
                }
                Ok(None) => break,
                Err(_) => return,
            }
        }
        assert!(reader.held() <= format.bytes_max + 4, "{} bytes wait", reader.held());
    }
    assert_eq!(read, stream[..stream.len() - reader.held()]);
}

fn soap(bytes: &[u8]) {
    for version in [Version::Soap11, Version::Soap12] {
        drop(Message::read(bytes, version, &xml::Limits::MESSAGE));
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        Version::of_content_type(text);
        Version::action_of(text);
        wire::soap::instant(text);
    }
}

fn talisma(bytes: &[u8]) {
    use talisma::wire::{Contract, Notification, Outcome, WsdlReader, json_string};
    let mut reader = WsdlReader::new(&http::Uri::from_static("http://crm/x?wsdl"));
    if reader.take(bytes).is_ok() {
        drop(reader.finish(Version::Soap11));
    }
    let Ok(element) = xml::parse(bytes, &xml::Limits::MESSAGE) else { return };
    drop(Outcome::read(&element));
    if let Ok(Some(notification)) = Notification::read(&element) {
        json_string(&notification, Timestamp(0), &[]);
        let mut xml = xml::Writer::new();
        notification.write(&mut xml, &Contract::default());
        let again = xml::parse(xml.finish().as_bytes(), &xml::Limits::MESSAGE).expect("it was written by us");
        assert_eq!(Notification::read(&again).expect("it was read before"), Some(notification));
    }
}

fn uwq(bytes: &[u8]) {
    use uwq::wire::{Callout, Event, Reply, redact};
    drop(Event::parse(bytes));
    Reply::parse(&Response::new(Bytes::copy_from_slice(bytes)));
    let Ok(query) = std::str::from_utf8(bytes) else { return };
    redact(query);
    if let Ok(callout) = Callout::parse(query) {
        let target = callout.target();
        let (_, written) = target.split_once('?').expect("a callout is a query");
        assert_eq!(Callout::parse(written), Ok(callout));
    }
}

fn harmony(bytes: &[u8]) {
    use harmony::wire::{Body, BridgeRequest, Envelope, Event, Object as _, Words, redact, reply};
    let words = Words::new(&Default::default()).expect("the usual words differ");
    redact(bytes, &words);
    let Ok(envelope) = Envelope::parse(bytes) else { return };
    assert_eq!(Envelope::parse(&envelope.print()).expect("it was written by us").print(), envelope.print());
    let Ok(body) = Body::new(&words, &envelope.body) else { return };
    if let Some(Ok(request)) = words.find(&envelope.name).map(|name| BridgeRequest::read(name, body)) {
        request.body(&words);
    }
    if let Some(Ok(event)) = words.find(&envelope.name).map(|name| Event::read(name, body)) {
        event.body(&words);
    }
    drop((reply::Capabilities::read(body), reply::Agent::read(body), reply::Native::read(body)));
    drop((reply::SessionInit::read(body), reply::GroupInit::read(body), reply::ChannelInit::read(body)));
    drop((reply::InteractionInit::read(body), reply::InteractionData::read(body)));
    drop(reply::ConversationInit::read(body));
    drop(harmony::wire::flatten(&envelope.body));
}

fn max(bytes: &[u8]) {
    use max::wire::{Envelope, Event, Hosts, PageMessage};
    let Ok(message) = serde_json::from_slice::<Value>(bytes) else { return };
    PageMessage::parse(&message).map(|request| request.to_value("Sample"));
    Event::parse(&message);
    let hosts = Hosts { iis: "H1".into(), vc: "H2".into() };
    Envelope::parse(&message).map(|envelope| envelope.to_value(&hosts));
}

fn crm_connector(bytes: &[u8]) {
    use crm_connector::wire::{ClientMessage, ConnectorMessage, Settings};
    let Ok(message) = serde_json::from_slice::<Value>(bytes) else { return };
    ClientMessage::read(&message);
    ConnectorMessage::read(&message);
    Settings::read(&message);
}

fn ari(bytes: &[u8]) {
    use ari::wire::{Bridge, Channel, Event, event::number};
    drop(serde_json::from_slice::<Event>(bytes));
    drop(serde_json::from_slice::<Vec<Bridge>>(bytes));
    for channel in serde_json::from_slice::<Vec<Channel>>(bytes).unwrap_or_default() {
        channel.args("cordboard");
    }
    std::str::from_utf8(bytes).ok().and_then(number);
}

/// The types that the API receives and sends, and the types that the journal stores.
fn model(bytes: &[u8]) {
    comes_back::<Verb>(bytes);
    comes_back::<Contact>(bytes);
    comes_back::<Floor>(bytes);
    comes_back::<Event>(bytes);
    comes_back::<Snapshot>(bytes);
    comes_back::<SwitchEvent>(bytes);
    comes_back::<SwitchRequest>(bytes);
    comes_back::<SwitchAnswer>(bytes);
}

fn comes_back<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(bytes: &[u8]) {
    let Ok(value) = serde_json::from_slice::<T>(bytes) else { return };
    let written = serde_json::to_vec(&value).expect("it is JSON");
    let again = serde_json::from_slice::<T>(&written);
    assert_eq!(again.expect("it was written by us"), value, "{}", String::from_utf8_lossy(&written));
}
