//! The web pages that the program serves. They have to be built first, with `make web`.

use crate::support;

use std::{
    collections::HashMap,
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
};

use support::{Home, PATIENCE};

struct Answer {
    status: u16,
    headers: HashMap<String, String>,
    body: Vec<u8>,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}

fn get(at: SocketAddr, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut socket = TcpStream::connect(at).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    let more: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    write!(socket, "GET {path} HTTP/1.1\r\nHost: {at}\r\nConnection: close\r\n{more}\r\n").unwrap();
    let mut bytes = Vec::new();
    socket.read_to_end(&mut bytes).unwrap();
    answer(&bytes)
}

fn answer(bytes: &[u8]) -> Answer {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    let head = std::str::from_utf8(&bytes[..end]).unwrap();
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let pair =
        |line: &str| line.split_once(": ").map(|(name, value)| (name.to_lowercase(), value.to_owned()));
    Answer { status, headers: lines.filter_map(pair).collect(), body: bytes[end + 4..].to_vec() }
}

/// The script of the agent desktop, by its name in the page.
fn script(page: &str) -> &str {
    let from = page.find("/assets/").expect("the page names no script; were the pages built?");
    page[from..].split('"').next().unwrap()
}

#[test]
fn the_desktop_is_served_with_a_policy_and_requested_again_each_time() {
    let home = Home::new();
    let demo = home.demo((0, 0));
    let page = get(demo.http, "/", &[]);
    assert_eq!(
        (page.status, page.header("content-type")),
        (200, "text/html; charset=utf-8"),
        "{}",
        page.text()
    );
    let policy = page.header("content-security-policy");
    assert!(policy.contains("default-src 'self'") && policy.contains("frame-ancestors 'none'"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    assert_eq!((page.header("referrer-policy"), page.header("cache-control")), ("no-referrer", "no-cache"));
    let again = get(demo.http, "/", &[("If-None-Match", page.header("etag"))]);
    assert_eq!((again.status, again.body.len()), (304, 0));
}

#[test]
fn what_can_never_change_is_kept_for_ever_and_sent_small() {
    let home = Home::new();
    let demo = home.demo((0, 0));
    let page = get(demo.http, "/", &[]);
    let path = script(page.text());
    let (plain, small) =
        (get(demo.http, path, &[]), get(demo.http, path, &[("Accept-Encoding", "gzip, br")]));
    assert_eq!((plain.status, small.status), (200, 200));
    assert!(plain.header("cache-control").contains("immutable"), "{}", plain.header("cache-control"));
    assert_eq!((plain.header("content-encoding"), small.header("content-encoding")), ("", "br"));
    assert!(small.body.len() * 2 < plain.body.len(), "{} of {}", small.body.len(), plain.body.len());
    assert_ne!(plain.header("etag"), small.header("etag"));
}

#[test]
fn what_is_no_page_is_not_there() {
    let home = Home::new();
    let demo = home.demo((0, 0));
    for path in ["/index.html", "/assets/none.js", "/../Cargo.toml", "/.gitkeep"] {
        assert_eq!(get(demo.http, path, &[]).status, 404, "{path}");
    }
    let route = get(demo.http, "/api/v1/none", &[]);
    assert_eq!((route.status, route.header("content-type")), (404, "application/problem+json"));
}
