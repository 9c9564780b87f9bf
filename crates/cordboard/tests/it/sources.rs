//! Every citation of a section names a page of `docs/protocols/` or a public standard, and the page has that section.

use crate::tree;

use std::{collections::BTreeMap, fs, path::Path};

/// The sign before the number of a section.
const SIGN: char = '\u{a7}';

/// Folders whose files are checked.
const FOLDERS: &[&str] = &["crates", "docs", "fuzz/src", "interop", "web"];

/// The folder of the pages.
const PAGES: &str = "docs/protocols";

/// Standards that may be cited. Their sections are not checked.
const STANDARDS: &[&str] = &["RFC", "ECMA-", "XML 1.0", "XML names", "WS-Addressing SOAP binding", "3GPP TS"];

/// A dialect without a peer of another vendor: no page describes its protocol.
const WITHOUT_PAGE: &str = "simulated";

/// How many section numbers an error suggests.
const SUGGESTIONS: usize = 3;

/// Lines of examples that are golden messages: the dialect, and how such a line begins.
const GOLDEN: &[(&str, &str)] = &[
    ("harmony", "bridge query "),
    ("harmony", "bridge request "),
    ("harmony", "client event "),
    ("harmony", "client success "),
    ("uwq", "GET /?"),
    ("uwq", "<CCTSDK><"),
    ("max", "{\"contactId\":null,\"events\":"),
];

/// The section numbers of each page, by the page's name.
type Pages = BTreeMap<String, Vec<String>>;

/// A citation as it is written.
#[derive(Debug, PartialEq, Eq)]
struct Citation {
    /// The line in the file. The first line is 1.
    line: usize,
    /// The page or standard that is named.
    document: Option<String>,
    /// The number of the section, empty when there is none.
    section: String,
}

#[test]
fn every_citation_leads_to_a_section() {
    let root = tree::root();
    let pages = pages(&root);
    let mut wrong = Vec::new();
    for file in FOLDERS.iter().flat_map(|folder| tree::files(&root.join(folder))) {
        // Files that are not text have no citations.
        let Ok(text) = fs::read_to_string(&file) else { continue };
        let path = file.strip_prefix(&root).unwrap();
        let own = path.starts_with(PAGES).then(|| file_name(path));
        for citation in citations(&text) {
            let Err(why) = check(&citation, own, &pages) else { continue };
            let Citation { line, document, section } = &citation;
            let document = document.as_deref().unwrap_or_default();
            wrong.push(format!("{}:{line}: {document} {SIGN}{section}: {why}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{} wrong citations:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_dialect_has_a_page() {
    let pages = pages(&tree::root());
    let names = cordboard::DIALECTS.iter().map(|dialect| dialect.name).filter(|name| *name != WITHOUT_PAGE);
    let expected = names.map(|name| format!("{}.md", name.replace('_', "-")));
    let missing: Vec<String> = expected.filter(|page| !pages.contains_key(page)).collect();
    assert_eq!(missing, Vec::<String>::new(), "missing in {PAGES}");
}

/// The examples of the pages are copies. White space may differ: the golden files of MAX are indented.
#[test]
fn examples_are_golden_messages() {
    let root = tree::root();
    let mut wrong = Vec::new();
    for (dialect, start) in GOLDEN {
        let page = fs::read_to_string(root.join(format!("{PAGES}/{dialect}.md"))).unwrap();
        let tests = tree::files(&root.join(format!("crates/dialects/{dialect}/tests")));
        let golden: String = tests.iter().map(|file| squeezed(&fs::read_to_string(file).unwrap())).collect();
        let lines: Vec<&str> = page.lines().filter(|line| line.starts_with(start)).collect();
        assert!(!lines.is_empty(), "{dialect}.md has no line that begins with {start}");
        let missing =
            lines.iter().filter(|line| !golden.contains(&squeezed(line.trim().trim_start_matches("GET "))));
        wrong.extend(missing.map(|line| format!("{dialect}.md: {line}")));
    }
    assert!(wrong.is_empty(), "not in the golden files:\n{}", wrong.join("\n"));
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|character| !character.is_whitespace()).collect()
}

#[test]
fn citations_are_found_in_text() {
    let found = |text: &str| {
        let text = text.replace('$', &SIGN.to_string());
        let found = citations(&text).into_iter();
        found.map(|one| (one.document.unwrap_or_default(), one.section)).collect::<Vec<_>>()
    };
    let one = |document: &str, section: &str| (document.to_owned(), section.to_owned());
    assert_eq!(found("/// The port (uwq.md $2)."), [one("uwq.md", "2")]);
    assert_eq!(found("(harmony.md $8, $9.3)"), [one("harmony.md", "8"), one("harmony.md", "9.3")]);
    assert_eq!(found("max.md $4.4 to $4.6, X2"), [one("max.md", "4.4"), one("max.md", "4.6")]);
    assert_eq!(found("a.md $1 (see b.md $2)"), [one("a.md", "1"), one("b.md", "2")]);
    assert_eq!(found("(RFC 3986 $2.3) and ECMA-269 $6"), [one("RFC", "2.3"), one("ECMA-", "6")]);
    assert_eq!(found("of the bridge ($5)"), [one("", "5")]);
    assert_eq!(found("a.md $1. Later: $2"), [one("a.md", "1"), one("", "2")]);
    assert_eq!(found("a.md $"), [one("a.md", "")]);
}

#[test]
fn a_wrong_citation_gets_the_nearest_sections() {
    let sections = ["1", "2", "2.1", "2.2", "10"].map(str::to_owned).to_vec();
    let pages = Pages::from([("a.md".to_owned(), sections)]);
    let check = |document: Option<&str>, section: &str, own| {
        let citation =
            Citation { line: 1, document: document.map(str::to_owned), section: section.to_owned() };
        check(&citation, own, &pages).err()
    };
    let missing = "the page has no section 2.3; the nearest are 2.2, 2.1, 2";
    assert_eq!(check(Some("a.md"), "2.2", None), None);
    assert_eq!(check(Some("a.md"), "2.3", None).as_deref(), Some(missing));
    assert_eq!(check(Some("RFC"), "99", None), None);
    assert_eq!(check(None, "10", Some("a.md")), None);
    assert_eq!(check(None, "1", None).as_deref(), Some("names neither a page nor a standard"));
    assert_eq!(check(Some("b.md"), "1", None).as_deref(), Some("docs/protocols has no page b.md"));
    assert_eq!(check(Some("a.md"), "", None).as_deref(), Some("has no number"));
}

/// Reads the section numbers of all pages.
fn pages(root: &Path) -> Pages {
    let files = tree::files(&root.join(PAGES)).into_iter();
    files.map(|file| (file_name(&file).to_owned(), sections(&fs::read_to_string(&file).unwrap()))).collect()
}

fn file_name(path: &Path) -> &str {
    path.file_name().unwrap().to_str().unwrap()
}

/// The numbers of a page's headings: `2.1` for `### 2.1 Frames`, `2` for `## 2. Messages`.
fn sections(page: &str) -> Vec<String> {
    let headings = page.lines().filter(|line| line.starts_with('#'));
    let numbers = headings.map(|line| number(line.trim_start_matches('#').trim_start()));
    numbers.filter(|number| !number.is_empty()).map(str::to_owned).collect()
}

/// The number that a text begins with: digits, in groups separated by single dots.
fn number(text: &str) -> &str {
    let is_part = |character: char| character.is_ascii_digit() || character == '.';
    let end = text.find(|character| !is_part(character)).unwrap_or(text.len());
    text[..end].trim_end_matches('.')
}

/// Finds the citations in a text. One that follows another after a comma or a short word has the document of the first.
fn citations(text: &str) -> Vec<Citation> {
    let mut citations: Vec<Citation> = Vec::new();
    for (line, text) in (1..).zip(text.lines()) {
        let mut before: Option<(usize, Option<String>)> = None;
        for (at, sign) in text.match_indices(SIGN) {
            let document = match before.take() {
                Some((end, document)) if is_list(&text[end..at]) => document,
                Some(_) | None => document_at_end(&text[..at]),
            };
            let section = number(&text[at + sign.len()..]).to_owned();
            before = Some((at + sign.len() + section.len(), document.clone()));
            citations.push(Citation { line, document, section });
        }
    }
    citations
}

/// Whether a text between two citations makes a list of them.
fn is_list(between: &str) -> bool {
    matches!(between.trim(), "," | "and" | "or" | "to")
}

/// The page or the standard that a text ends with.
fn document_at_end(text: &str) -> Option<String> {
    let text = text.trim_end();
    let is_name = |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.');
    let start = text.rfind(|character| !is_name(character)).map_or(0, |at| {
        let width = text[at..].chars().next().map_or(0, char::len_utf8);
        at + width
    });
    if text.ends_with(".md") {
        return Some(text[start..].to_owned());
    }
    let unnumbered = text.trim_end_matches(|character: char| character.is_ascii_digit() || character == '.');
    let names = |standard: &&&str| text.ends_with(**standard) || unnumbered.trim_end().ends_with(**standard);
    STANDARDS.iter().find(names).map(|standard| (*standard).to_owned())
}

/// Checks a citation. In a page of `docs/protocols/` one without a document means a section of the same page (`own`).
fn check(citation: &Citation, own: Option<&str>, pages: &Pages) -> Result<(), String> {
    let Citation { document, section, .. } = citation;
    let Some(document) = document.as_deref().or(own) else {
        return Err("names neither a page nor a standard".to_owned());
    };
    if section.is_empty() {
        return Err("has no number".to_owned());
    }
    if STANDARDS.contains(&document) {
        return Ok(());
    }
    let sections = pages.get(document).ok_or_else(|| format!("{PAGES} has no page {document}"))?;
    if sections.contains(section) {
        return Ok(());
    }
    let nearest = nearest(section, sections).join(", ");
    Err(format!("the page has no section {section}; the nearest are {nearest}"))
}

/// The existing sections whose numbers are closest to a missing one.
fn nearest<'a>(missing: &str, sections: &'a [String]) -> Vec<&'a str> {
    let mut sections: Vec<&str> = sections.iter().map(String::as_str).collect();
    sections.sort_by_key(|section| distance(missing, section));
    sections.truncate(SUGGESTIONS);
    sections
}

/// How far two section numbers are apart, level by level.
fn distance(one: &str, other: &str) -> Vec<u64> {
    let levels = |number: &str| number.split('.').map(|part| part.parse().unwrap_or(0)).collect::<Vec<u64>>();
    let (one, other) = (levels(one), levels(other));
    let level = |number: &[u64], index: usize| number.get(index).copied().unwrap_or(0);
    let count = one.len().max(other.len());
    (0..count).map(|index| level(&one, index).abs_diff(level(&other, index))).collect()
}
