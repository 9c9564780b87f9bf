//! The documentation: a node serves it, and pages that repeat what the program prints (metrics, log lines) are correct.
//!
//! The pages have to be built: `make web`.

use crate::support;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    path::{Path, PathBuf},
};

use support::{Home, PATIENCE};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// A metric: its type and its labels.
#[derive(Debug, Default, PartialEq, Eq)]
struct Metric {
    kind: String,
    labels: BTreeSet<String>,
}

#[test]
fn the_table_of_metrics_has_what_a_node_prints() {
    let home = Home::new();
    let demo = home.demo((0, 0));
    assert_eq!(documented(&page("metrics.md")), printed(&answer(demo.http, "/metrics")));
}

#[test]
fn a_node_serves_the_documentation_without_scripts() {
    let home = Home::new();
    let demo = home.demo((0, 0));
    assert!(answer(demo.http, "/docs").contains("location: /docs/\r\n"), "{}", answer(demo.http, "/docs"));
    for path in ["/docs/", "/docs/index.html", "/docs/events.html"] {
        let answer = answer(demo.http, path);
        assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains("<h1"), "{path}: {answer}");
        assert!(
            answer.contains("content-security-policy: default-src 'none'; style-src 'self'; img-src 'self'")
        );
        assert!(!answer.contains("<script"), "{path}");
    }
    for (path, kind) in [("/docs/docs.css", "text/css"), ("/docs/images/desktop-ringing.png", "image/png")] {
        let head = answer(demo.http, path);
        assert!(head.starts_with("HTTP/1.1 200 ") && head.contains(kind), "{path}: {head}");
    }
    assert!(answer(demo.http, "/docs/none.html").starts_with("HTTP/1.1 404 "));
}

/// Pages that name log lines. A log line is a code span that begins with its level: `WARN text`.
const PAGES_WITH_LOG_LINES: [&str; 3] = ["metrics.md", "pop-did-not-come.md", "reverse-proxy.md"];

#[test]
fn the_log_lines_that_pages_name_are_written_by_the_program() {
    let sources = sources(&Path::new(ROOT).join("crates"));
    for name in PAGES_WITH_LOG_LINES {
        let page = page(name);
        let lines: Vec<_> = page.split('`').skip(1).step_by(2).filter_map(log_line).collect();
        assert!(!lines.is_empty(), "docs/{name} names no log line");
        let unknown: Vec<_> =
            lines.iter().filter(|line| !sources.iter().any(|text| text.contains(**line))).collect();
        assert!(unknown.is_empty(), "docs/{name}: no source file has {unknown:?}");
    }
}

fn log_line(span: &str) -> Option<&str> {
    let levels = ["ERROR ", "WARN ", "INFO ", "DEBUG "];
    levels.iter().find_map(|level| span.strip_prefix(level))
}

fn page(name: &str) -> String {
    fs::read_to_string(Path::new(ROOT).join("docs").join(name)).unwrap()
}

/// The rows between `<!-- metrics -->` and `<!-- end of metrics -->`: name, type, labels, and what they mean.
fn documented(page: &str) -> BTreeMap<String, Metric> {
    let (_, table) = page.split_once("<!-- metrics -->\n").unwrap();
    let (table, _) = table.split_once("<!-- end of metrics -->").unwrap();
    let row = |line: &str| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let labels = cells[2].split(',').map(|label| label.trim().trim_matches('`').to_owned());
        let metric =
            Metric { kind: cells[1].to_owned(), labels: labels.filter(|label| !label.is_empty()).collect() };
        (cells[0].trim_matches('`').to_owned(), metric)
    };
    table.lines().skip(2).map(row).collect()
}

/// The metrics of an answer in the text format: `# TYPE name type`, and lines `name{label="value"} 1`.
fn printed(text: &str) -> BTreeMap<String, Metric> {
    let mut metrics = BTreeMap::new();
    let mut current = String::new();
    for line in text.lines() {
        if let Some(declared) = line.strip_prefix("# TYPE ") {
            let (name, kind) = declared.split_once(' ').unwrap();
            current = if kind == "counter" { format!("{name}_total") } else { name.to_owned() };
            let kind = kind.to_owned();
            metrics.insert(current.clone(), Metric { kind, ..Metric::default() });
        } else if let Some((_, labels)) = line.split_once('{').filter(|_| !line.starts_with('#')) {
            let names = labels.split_once('}').unwrap().0.split(',');
            let names = names.map(|label| label.split_once('=').unwrap().0.to_owned());
            // The label of a histogram's buckets is part of its type.
            metrics.get_mut(&current).unwrap().labels.extend(names.filter(|name| name != "le"));
        }
    }
    metrics
}

/// The answer to a `GET`: its head and its body.
fn answer(at: SocketAddr, path: &str) -> String {
    let mut socket = TcpStream::connect(at).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    write!(socket, "GET {path} HTTP/1.1\r\nHost: {at}\r\nConnection: close\r\n\r\n").unwrap();
    let mut bytes = Vec::new();
    socket.read_to_end(&mut bytes).unwrap();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The text of every Rust file below a folder, with strings that go on in another line put together.
fn sources(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { sources(&path) } else { source(path) }).collect()
}

fn source(path: PathBuf) -> Vec<String> {
    if path.extension().is_none_or(|extension| extension != "rs") {
        return Vec::new();
    }
    let text = fs::read_to_string(path).unwrap();
    let mut parts = text.split("\\\n");
    let first = parts.next().unwrap_or_default().to_owned();
    vec![parts.fold(first, |text, part| text + part.trim_start())]
}
