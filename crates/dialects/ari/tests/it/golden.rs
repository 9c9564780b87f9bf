//! The example conversation (ari.md §9), to the byte.

use std::{fmt::Write, time::Duration};

use bytes::Bytes;
use cordboard_ari::{DeskConfig, DeskSession};
use http::Request;
use model::{CallId, DeviceId, RequestId, Secret, SwitchId, SwitchRequest, Timestamp, switch::DeflectTo};
use scripted_asterisk::{Asterisk, Caller, ClientInput, ClientOutput, cause};
use session::{
    FromHttp, FromHub, FromStream, Input, Output, Session, ToHttp, ToStream, suite, transport::Either,
};
use uuid::Uuid;

/// The page that shows the conversation.
const PAGE: &str = include_str!("../../../../../docs/protocols/ari.md");

/// Cordboard, a scripted Asterisk, and all messages between them.
struct Conversation {
    desk: DeskSession,
    asterisk: Asterisk,
    now: Timestamp,
    requests: u64,
    text: String,
}

impl Conversation {
    fn new() -> Self {
        let usual = DeskConfig::new("127.0.0.1:8088", Secret::new("a-long-secret"));
        let config = DeskConfig { data: vec!["account".into()], ..usual };
        let desk = DeskSession::new(config, SwitchId::new("pbx").unwrap(), Uuid::from_u128(1)).unwrap();
        let mut asterisk = Asterisk::new("cordboard", 0);
        asterisk.endpoints = vec!["70001".to_owned()];
        Self { desk, asterisk, now: Timestamp(1_795_235_092_000), requests: 0, text: String::new() }
    }

    fn give(&mut self, input: Input<session::HttpAndStream>) {
        self.desk.handle(self.now, input);
        self.pump();
    }

    fn request(&mut self, requested: SwitchRequest) {
        self.requests += 1;
        self.give(Input::Hub(FromHub::Requested { request: RequestId(self.requests), requested }));
    }

    fn happens(&mut self, what: impl FnOnce(&mut Asterisk, Timestamp)) {
        self.now = self.now + Duration::from_secs(1);
        what(&mut self.asterisk, self.now);
        self.pump();
    }

    fn title(&mut self, title: &str) {
        writeln!(self.text, "# {title}").unwrap();
    }

    fn pump(&mut self) {
        loop {
            while let Some(output) = self.desk.poll() {
                if let Output::Peer(output) = output {
                    self.write_output(&output);
                    self.asterisk.take(self.now, output);
                }
            }
            let Some(input) = self.asterisk.poll() else { break };
            self.write_input(&input);
            self.desk.handle(self.now, Input::Peer(input));
        }
    }

    fn write_output(&mut self, output: &ClientOutput) {
        match output {
            Either::First(ToHttp::Request { request, .. }) => self.write_request(request),
            Either::Second(ToStream::Connect { to, .. }) => writeln!(self.text, "> {to}").unwrap(),
            Either::First(_) | Either::Second(_) => {}
        }
    }

    fn write_request(&mut self, request: &Request<Bytes>) {
        let body = std::str::from_utf8(request.body()).unwrap();
        let target = request.uri().path_and_query().unwrap();
        writeln!(self.text, "{}", format!("> {} {target} {body}", request.method()).trim_end()).unwrap();
    }

    fn write_input(&mut self, input: &ClientInput) {
        match input {
            Either::First(FromHttp::Response { response, .. }) => {
                let body = std::str::from_utf8(response.body()).unwrap();
                writeln!(self.text, "{}", format!("< {} {body}", response.status().as_u16()).trim_end())
                    .unwrap();
            }
            Either::Second(FromStream::Received { bytes, .. }) => {
                writeln!(self.text, "< {}", std::str::from_utf8(bytes).unwrap()).unwrap();
            }
            Either::First(_) | Either::Second(_) => {}
        }
    }
}

fn phone() -> DeviceId {
    DeviceId::new("70001").unwrap()
}

#[test]
fn the_page_shows_the_messages() {
    let mut all = Conversation::new();
    all.title("Cordboard connects and reads what Asterisk has");
    all.give(Input::Start);
    all.give(Input::Hub(suite::hub_snapshot()));
    all.title("A caller arrives, waits in queue 7700 and hears music");
    let args = ["queue", "7700", "account=4711"].map(str::to_owned).to_vec();
    let caller =
        Caller { number: "14155550100".to_owned(), exten: "7700".to_owned(), args, ..Caller::default() };
    let mut channel = String::new();
    all.happens(|asterisk, now| channel = asterisk.call(now, &caller));
    all.title("The agent's phone is called and rings");
    let call = CallId::new(&channel).unwrap();
    let to = DeflectTo::Device(phone());
    all.request(SwitchRequest::DeflectCall { call: call.clone(), from: None, to });
    let leg = all.asterisk.made().last().unwrap().clone();
    all.happens(|asterisk, now| asterisk.rings(now, &leg));
    all.title("The agent answers");
    all.happens(|asterisk, now| asterisk.answers(now, &leg));
    all.title("Hold, and resume");
    all.request(SwitchRequest::HoldCall { call: call.clone(), device: phone() });
    all.request(SwitchRequest::RetrieveCall { call, device: phone() });
    all.title("The caller hangs up");
    all.happens(|asterisk, now| asterisk.hangs_up(now, &channel, cause::NORMAL));
    let block = format!("```text\n{}```\n", all.text);
    assert!(PAGE.contains(&block), "the example of docs/protocols/ari.md is to be:\n{block}");
}
