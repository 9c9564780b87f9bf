//! Faulty ends of Talisma: a proxy before a good one that makes one mistake.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    thread,
};

use conform::talisma;

use super::{
    finds_exactly, loopback, run,
    support::{Home, free_port},
    talisma_ends::{calls, phones, server, signs_in, tested},
    terms,
    uwq_faults::{body, exchange, read},
};

/// Changes the text of a message.
type Change = fn(&str) -> String;

/// Mistakes in posts, and the requirements from which they deviate. They are found with one call.
const POSTS: &[(Change, &[&str])] = &[
    (str::to_owned, &[]),
    // Wrong HTTP.
    (|post| post.replace("/PostNotification.svc", "/Other.svc"), &["TALISMA-T-01"]),
    (|post| post.replace("text/xml; charset=utf-8", "text/xml"), &["TALISMA-T-02"]),
    (|post| post.replace("IPostNotification/PostNotification\"", "PostNotification\""), &["TALISMA-T-03"]),
    // A wrong envelope.
    (
        |post| inside(post, "PostNotification xmlns", "Post xmlns").replace("/PostNotification>", "/Post>"),
        &["TALISMA-T-06", "TALISMA-T-07"],
    ),
    (|post| body(post, |body| body.replace("notificationRequest", "request")), &["TALISMA-T-07"]),
    (
        |post| inside(post, "<s:Header>", "<s:Header><x:X xmlns:x=\"urn:x\" s:mustUnderstand=\"1\"/>"),
        &["TALISMA-T-08"],
    ),
    (|post| body(post, |body| format!("{body}{}", " ".repeat(70_000))), &["TALISMA-T-09"]),
    (|post| body(post, |body| format!("<!DOCTYPE x>{body}")), &["TALISMA-T-10"]),
    // Wrong members.
    (|post| body(post, |body| body.replace("CaseId>", "CasesId>")), &["TALISMA-T-11"]),
    (
        |post| {
            inside(
                &inside(post, "<d:MediaType>1</d:MediaType>", ""),
                "</d:UserId>",
                "</d:UserId><d:MediaType>1</d:MediaType>",
            )
        },
        &["TALISMA-T-12"],
    ),
    (|post| inside(post, "Talisma.Web.Notification", "Talisma.Web"), &["TALISMA-T-13"]),
    (|post| inside(post, "<d:IsLogCaseMandatory>false", "<d:IsLogCaseMandatory>no"), &["TALISMA-T-14"]),
    (|post| inside(post, "<d:CaseId>-1</d:CaseId>", "<d:CaseId/>"), &["TALISMA-T-15"]),
    // Wrong values.
    (|post| inside(post, "<d:UserId>2", "<d:UserId>3"), &["TALISMA-T-16"]),
    (|post| inside(post, "<d:MediaType>1", "<d:MediaType>2"), &["TALISMA-T-17"]),
    (|post| inside(post, "<d:ObjectType>3", "<d:ObjectType>2"), &["TALISMA-T-18"]),
    (|post| inside(post, "<d:Key>Phone", "<d:Key>"), &["TALISMA-T-19"]),
    (
        |post| inside(post, "<d:ObjectType>26", "<d:ObjectType>27"),
        &["TALISMA-T-20", "TALISMA-T-22", "TALISMA-T-23"],
    ),
    (|post| inside(post, "<d:PropertyId>2000104", "<d:PropertyId>0"), &["TALISMA-T-21", "TALISMA-T-22"]),
    (
        |post| inside(post, "<d:PropertyValue>+14155550199", "<d:PropertyValue>+14155550198"),
        &["TALISMA-T-22"],
    ),
    (|post| inside(post, "<d:PropertyId>2000105", "<d:PropertyId>2000106"), &["TALISMA-T-23"]),
    (|post| inside(post, "<d:SessionId>-1", "<d:SessionId>5"), &["TALISMA-T-24"]),
    (|post| inside(post, "<d:SessionMode>-1", "<d:SessionMode>5"), &["TALISMA-T-25"]),
    (|post| inside(post, "<d:ScriptId>-1", "<d:ScriptId>0"), &["TALISMA-T-26"]),
    // Wrong credentials.
    (|post| inside(post, ">demo</o:Password>", ">demon</o:Password>"), &["TALISMA-T-27"]),
    (|post| inside(post, "UsernameToken", "SamlToken"), &["TALISMA-T-27"]),
    (|post| inside(post, "u:Timestamp", "u:Stamp"), &["TALISMA-T-28"]),
    (|post| inside(post, "#PasswordText", "#PasswordDigest"), &["TALISMA-T-29"]),
    (
        |post| {
            let swapped = inside(post, "u:Created>", "u:Was>");
            swapped.replace("u:Expires>", "u:Created>").replace("u:Was>", "u:Expires>")
        },
        &["TALISMA-T-30"],
    ),
];

/// Mistakes in posts of SOAP 1.2 with HTTP Basic.
const POSTS_12: &[(Change, &[&str])] = &[
    (|post| post.replace("application/soap+xml; charset=utf-8", "application/soap+xml"), &["TALISMA-T-04"]),
    (|post| inside(post, "MessageID", "Message"), &["TALISMA-T-05"]),
    (
        |post| post.replace("authorization: Basic ", "authorization: Basic x"),
        &["TALISMA-T-27", "TALISMA-T-31"],
    ),
];

/// Mistakes in what follows from an answer. The proxy changes the answer; an empty one ends the connection.
const ENDINGS: &[(Change, &[&str])] = &[
    // The client gives up what it should post again.
    (|answer| answer.replace("503 Service", "400 Service"), &["TALISMA-T-33"]),
    (|answer| answer.replace("404 Not", "400 Not"), &["TALISMA-T-37"]),
    // The client posts again what it should give up.
    (|answer| if answer.is_empty() { UNAVAILABLE.to_owned() } else { answer.to_owned() }, &["TALISMA-T-34"]),
    (|answer| on(answer, "StatusCode>-1"), &["TALISMA-T-35"]),
    (|answer| on(answer, "Fault>"), &["TALISMA-T-36"]),
    (|answer| on(answer, "StatusCode>0"), &["TALISMA-T-32"]),
];

/// An answer after which a client posts again.
const UNAVAILABLE: &str =
    "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

/// Replaces an answer with this part.
fn on(answer: &str, part: &str) -> String {
    if answer.contains(part) { UNAVAILABLE.to_owned() } else { answer.to_owned() }
}

/// Replaces text in the body.
fn inside(message: &str, from: &str, to: &str) -> String {
    body(message, |body| {
        assert!(body.contains(from), "{from} is not in {body}");
        body.replace(from, to)
    })
}

/// A proxy whose mistake can change.
#[derive(Clone)]
struct Proxy {
    post: Change,
    answer: Change,
    to: SocketAddr,
}

/// Accepts connections, each with one request. Returns the port.
fn proxy(proxy: Arc<Mutex<Proxy>>) -> u16 {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let at = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let (mut stream, proxy) = (stream.unwrap(), proxy.lock().unwrap().clone());
            thread::spawn(move || {
                let request = read(&mut stream);
                let request = if request.starts_with("POST") { (proxy.post)(&request) } else { request };
                let answer = (proxy.answer)(&exchange(proxy.to, &request).unwrap_or_default());
                let _ = std::io::Write::write_all(&mut stream, answer.as_bytes());
            });
        }
    });
    at
}

/// Runs one node against all of these mistakes, one after the other.
fn check(more: &str, mistakes: &[(Change, &[&str])], calls_max: usize) {
    let home = Home::new();
    let state = Arc::new(Mutex::new(Proxy { post: str::to_owned, answer: str::to_owned, to: loopback(1) }));
    let at = proxy(Arc::clone(&state));
    let node = phones(&home, at, more);
    let mut wrong = Vec::new();
    for (index, (change, found)) in mistakes.iter().enumerate() {
        let play = || {
            let run_at = loopback(free_port());
            *state.lock().unwrap() = match calls_max {
                1 => Proxy { post: *change, answer: str::to_owned, to: run_at },
                _ => Proxy { post: str::to_owned, answer: *change, to: run_at },
            };
            run(talisma::telephony(tested(run_at), &calls(node.http, calls_max), &terms())).unwrap()
        };
        wrong.extend(finds_exactly(found, play).err().map(|why| format!("{more} mistake {index}: {why}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn mistakes_in_posts_are_found() {
    thread::scope(|scope| {
        let (first, second) = POSTS.split_at(POSTS.len() / 2);
        scope.spawn(|| check("", first, 1));
        scope.spawn(|| check("", second, 1));
        scope.spawn(|| check("soap = \"1.2\"\nauth = \"basic\"\n", POSTS_12, 1));
    });
}

#[test]
fn mistakes_after_answers_are_found() {
    thread::scope(|scope| {
        let (first, second) = ENDINGS.split_at(ENDINGS.len() / 2);
        scope.spawn(|| check("", first, 6));
        scope.spawn(|| check("", second, 6));
    });
}

/// Mistakes of a server. The change gets the answer; the run's request is not changed.
const ANSWERS: &[(Change, &[&str])] = &[
    (str::to_owned, &[]),
    (
        |answer| answer.replace("text/xml; charset=utf-8", "text/xml"),
        &["TALISMA-D-02", "TALISMA-D-08", "TALISMA-D-42"],
    ),
    (|answer| whole(answer, "name=\"IPostNotification\"", "name=\"Post\""), &["TALISMA-D-04"]),
    (|answer| whole(answer, "name=\"AccountId\"", "name=\"Account\""), &["TALISMA-D-05"]),
    (|answer| whole(answer, "name=\"MediaType\"", "name=\"Zebra\""), &["TALISMA-D-05", "TALISMA-D-06"]),
    (|answer| whole(answer, "RelatesTo", "RelatesFrom"), &["TALISMA-D-10"]),
    (
        |answer| whole(answer, "PostNotificationResponse</wsa:Action>", "Other</wsa:Action>"),
        &["TALISMA-D-11"],
    ),
    (
        |answer| whole(answer, "d:JsonString", "d:Json"),
        &["TALISMA-D-14", "TALISMA-D-18", "TALISMA-D-19", "TALISMA-D-20", "TALISMA-D-72"],
    ),
    (|answer| whole(answer, "d:ErrorMessage", "d:Reason"), &["TALISMA-D-14", "TALISMA-D-15", "TALISMA-D-59"]),
    (
        |answer| {
            whole(
                answer,
                "<d:InnerException i:nil=\"true\"/>",
                "<d:InnerException i:nil=\"true\"> x </d:InnerException>",
            )
        },
        &["TALISMA-D-16"],
    ),
    (|answer| whole(answer, "StatusCode>0", "StatusCode>1"), ACCEPTED),
    (|answer| whole(answer, "StatusCode>-", "StatusCode>-1"), &["TALISMA-D-62"]),
    (|answer| whole(answer, "Timestamp", "Time"), &["TALISMA-D-21"]),
    (|answer| whole(answer, "<o:Security ", "<o:Security s:mustUnderstand=\"1\" "), &["TALISMA-D-22"]),
    (|answer| whole(answer, "FailedAuthentication", "Failed"), &["TALISMA-D-23"]),
    (
        |answer| whole(answer, "DeserializationFailed", "Failed"),
        &["TALISMA-D-38", "TALISMA-D-39", "TALISMA-D-40", "TALISMA-D-41"],
    ),
    (|answer| answer.replace("HTTP/1.1 500", "HTTP/1.1 200"), &["TALISMA-D-42"]),
    (|answer| answer.replace("HTTP/1.1 413", "HTTP/1.1 400"), &["TALISMA-D-53"]),
    (|answer| answer.replace("GET, POST", "GET"), &["TALISMA-D-55"]),
];

/// What cannot be held without a success.
const ACCEPTED: &[&str] = &[
    "TALISMA-D-12",
    "TALISMA-D-17",
    "TALISMA-D-28",
    "TALISMA-D-29",
    "TALISMA-D-30",
    "TALISMA-D-31",
    "TALISMA-D-33",
    "TALISMA-D-35",
    "TALISMA-D-37",
    "TALISMA-D-44",
    "TALISMA-D-45",
    "TALISMA-D-46",
    "TALISMA-D-57",
    "TALISMA-D-67",
    "TALISMA-D-68",
    "TALISMA-D-70",
    "TALISMA-D-71",
    "TALISMA-D-72",
    "TALISMA-D-09",
];

/// Replaces text in the body, if it is there.
fn whole(answer: &str, from: &str, to: &str) -> String {
    if answer.contains(from) { body(answer, |body| body.replace(from, to)) } else { answer.to_owned() }
}

#[test]
fn mistakes_in_answers_are_found() {
    let third = ANSWERS.len().div_ceil(3);
    thread::scope(|scope| {
        for mistakes in ANSWERS.chunks(third) {
            scope.spawn(|| check_answers(mistakes));
        }
    });
}

/// Each mistake has a demo of its own, because the run ends with a wrong password.
fn check_answers(mistakes: &[(Change, &[&str])]) {
    let mut wrong = Vec::new();
    for (change, found) in mistakes {
        let play = || {
            let home = Home::new();
            let demo = home.demo((0, 0));
            let at =
                proxy(Arc::new(Mutex::new(Proxy { post: str::to_owned, answer: *change, to: demo.http })));
            run(talisma::desk(server(loopback(at), 2), &signs_in(demo.http, "1001"), &terms()))
        };
        wrong.extend(finds_exactly(found, play).err());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
