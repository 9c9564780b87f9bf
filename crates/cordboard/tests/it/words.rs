//! Docs, comments and texts avoid the phrases that `CONTRIBUTING.md` lists, and names in Rust code avoid the words that it lists.

use std::{
    collections::BTreeSet,
    fmt, fs,
    path::{Path, PathBuf},
};

use proc_macro2::{TokenStream, TokenTree};

/// The table of phrases in `CONTRIBUTING.md` is between these lines.
const MARKS: (&str, &str) = ("<!-- phrases -->\n", "<!-- end of phrases -->\n");

/// The table of words that names do not have is between these lines.
const NAME_MARKS: (&str, &str) = ("<!-- names -->\n", "<!-- end of names -->\n");

/// The files and folders that are searched, relative to the repository's root.
const SEARCHED: &[&str] = &[
    "README.md",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "cordboard.example.toml",
    "crates",
    "docs",
    "fuzz",
    "interop",
    "stories",
    "web",
];

/// Folders without text that a person of the project writes.
const SKIPPED: &[&str] = &["corpus", "dist", "node_modules", "target"];

/// A phrase to avoid, as words in lower case, and what to write in its place.
struct Phrase {
    words: Vec<String>,
    replacement: String,
}

/// A word of a text, in lower case, with the number of its line. Punctuation is an empty word, so that no phrase goes across it.
struct Word {
    text: String,
    line: usize,
}

#[test]
fn no_text_has_a_phrase_that_the_guide_lists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let phrases = phrases(&fs::read_to_string(root.join("CONTRIBUTING.md")).unwrap(), MARKS);
    let found: Vec<String> = files(&root).iter().flat_map(|file| search(&root, file, &phrases)).collect();
    assert!(found.is_empty(), "{} phrases to replace:\n{}", found.len(), found.join("\n"));
}

#[test]
fn no_name_has_a_word_that_the_guide_lists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let words = phrases(&fs::read_to_string(root.join("CONTRIBUTING.md")).unwrap(), NAME_MARKS);
    let files = files(&root).into_iter().filter(|file| file.extension().is_some_and(|end| end == "rs"));
    let found: Vec<String> = files.flat_map(|file| search_names(&root, &file, &words)).collect();
    assert!(found.is_empty(), "{} names to replace:\n{}", found.len(), found.join("\n"));
}

#[test]
fn names_are_searched_word_by_word() {
    let words = phrases(&format!("{}| `owl` | bird |\n{}", NAME_MARKS.0, NAME_MARKS.1), NAME_MARKS);
    let found = |code: &str| -> Vec<String> { bad_names(code, &words).map(|(name, _)| name).collect() };
    let names = found("fn owl() { list![r#owl, until_owl, owls, bowl, Owl, NightOwl, OWL_MAX]; }");
    assert_eq!(names, ["NightOwl", "OWL_MAX", "Owl", "owl", "r#owl", "until_owl"]);
    assert_eq!(found("/// An owl.\nfn bird() -> &'static str { \"owl\" } // owl"), [""; 0]);
}

#[test]
fn only_comments_and_strings_of_code_are_searched() {
    let phrases = phrases(&format!("{}| `red fox`, `owl` | bird |\n{}", MARKS.0, MARKS.1), MARKS);
    let lines = |kind, text: &str| -> Vec<usize> {
        hits(&words(kind, text), &phrases).map(|(line, _)| line).collect()
    };
    assert_eq!(lines(Kind::Prose, "A red\nfox. Owl."), [1, 2]);
    assert_eq!(lines(Kind::Prose, "red, fox"), [0; 0]);
    assert_eq!(lines(Kind::Code, "let owl = 1; // a red\n// fox\nsay(\"Owl\", '\"', owl)"), [1, 3]);
    assert_eq!(lines(Kind::Code, "/** Owl. */\n * owl\nlet url = \"http://owl\";"), [1, 2, 3]);
}

impl fmt::Display for Phrase {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?}; write: {}", self.words.join(" "), self.replacement)
    }
}

/// All files to search, sorted.
fn files(root: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    SEARCHED.iter().for_each(|name| collect(&root.join(name), &mut files));
    files.sort();
    assert!(files.len() > 100, "only {} files were found", files.len());
    files
}

/// The phrases in a table of the guide. A row is "| `phrase`, `phrase` | replacement |".
fn phrases(guide: &str, marks: (&str, &str)) -> Vec<Phrase> {
    let (_, rest) = guide.split_once(marks.0).expect("CONTRIBUTING.md has the table");
    let (table, _) = rest.split_once(marks.1).expect("the table has an end");
    let mut phrases = Vec::new();
    for row in table.lines().filter(|line| line.starts_with("| `")) {
        let mut cells = row.trim_matches('|').split('|').map(str::trim);
        let (listed, replacement) = (cells.next().unwrap(), cells.next().unwrap());
        let listed = listed.split('`').skip(1).step_by(2);
        phrases.extend(listed.map(|phrase| Phrase {
            words: phrase.split_whitespace().map(str::to_lowercase).collect(),
            replacement: replacement.to_owned(),
        }));
    }
    assert!(!phrases.is_empty(), "the table has no rows");
    phrases
}

/// Adds the text files at a path to a list.
fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    if path.is_file() {
        if kind(path).is_some() {
            files.push(path.to_owned());
        }
        return;
    }
    for entry in fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()) {
        let name = entry.file_name().unwrap().to_string_lossy().into_owned();
        if !SKIPPED.contains(&name.as_str()) {
            collect(&entry, files);
        }
    }
}

/// How a file is searched.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// The whole text.
    Prose,
    /// Comments and strings only.
    Code,
}

fn kind(path: &Path) -> Option<Kind> {
    match path.extension()?.to_str()? {
        "md" | "toml" | "yaml" | "html" | "css" | "py" | "sh" => Some(Kind::Prose),
        "rs" | "ts" | "tsx" | "js" => Some(Kind::Code),
        _ => None,
    }
}

/// The phrases in a file, each as "file:line: phrase; replacement".
fn search(root: &Path, file: &Path, phrases: &[Phrase]) -> Vec<String> {
    let Ok(text) = fs::read_to_string(file) else { return Vec::new() };
    let words = words(kind(file).unwrap_or(Kind::Prose), &without_tables_of_the_guide(file, text));
    let name = file.strip_prefix(root).unwrap().display().to_string();
    hits(&words, phrases).map(|(line, phrase)| format!("{name}:{line}: {phrase}")).collect()
}

/// The names in a Rust file that have a listed word, each as "file: name: word; replacement".
fn search_names(root: &Path, file: &Path, words: &[Phrase]) -> Vec<String> {
    let path = file.strip_prefix(root).unwrap().display().to_string();
    let code = fs::read_to_string(file).unwrap();
    bad_names(&code, words).map(|(name, word)| format!("{path}: {name}: {word}")).collect()
}

/// The names in Rust code that have a listed word, with that word.
fn bad_names<'a>(code: &str, words: &'a [Phrase]) -> impl Iterator<Item = (String, &'a Phrase)> {
    let mut names = BTreeSet::new();
    collect_names(code.parse().unwrap(), &mut names);
    names.into_iter().filter_map(|name| {
        let parts = parts(&name);
        let word = words.iter().find(|word| parts.contains(&word.words[0]))?;
        Some((name, word))
    })
}

/// Adds all identifiers to a set. Comments and strings have none.
fn collect_names(code: TokenStream, names: &mut BTreeSet<String>) {
    for token in code {
        match token {
            TokenTree::Group(group) => collect_names(group.stream(), names),
            TokenTree::Ident(name) => drop(names.insert(name.to_string())),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

/// The words of an identifier, in lower case: `until_told` and `UntilTold` have two.
fn parts(name: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut after_lower = false;
    for character in name.trim_start_matches("r#").chars() {
        if character == '_' || (after_lower && character.is_uppercase()) {
            parts.push(String::new());
        }
        after_lower = character.is_lowercase();
        if character != '_' {
            parts.last_mut().unwrap().extend(character.to_lowercase());
        }
    }
    parts
}

/// The text of a file. The tables in `CONTRIBUTING.md` quote the phrases, so they become empty lines.
fn without_tables_of_the_guide(file: &Path, text: String) -> String {
    if !file.ends_with("CONTRIBUTING.md") {
        return text;
    }
    text.lines()
        .map(|line| if line.starts_with('|') { "\n".to_owned() } else { format!("{line}\n") })
        .collect()
}

/// Every phrase in a list of words, with the line on which it begins.
fn hits<'a>(words: &'a [Word], phrases: &'a [Phrase]) -> impl Iterator<Item = (usize, &'a Phrase)> {
    words.iter().enumerate().flat_map(move |(at, word)| {
        let begins_here = move |phrase: &&Phrase| {
            let rest = words.get(at..at + phrase.words.len());
            rest.is_some_and(|rest| rest.iter().map(|word| &word.text).eq(&phrase.words))
        };
        phrases.iter().filter(begins_here).map(|phrase| (word.line, phrase))
    })
}

/// The words of a text. In code, only those in comments and strings.
fn words(kind: Kind, text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let searched = if kind == Kind::Prose { line.to_owned() } else { comments_and_strings(line) };
        split(&searched, index + 1, &mut words);
    }
    words
}

/// A line of code with everything except its comment and its strings replaced by a semicolon.
fn comments_and_strings(line: &str) -> String {
    let trimmed = line.trim_start();
    if ["//", "/*", "* "].iter().any(|mark| trimmed.starts_with(mark)) {
        return trimmed.trim_start_matches(['/', '*', '!']).to_owned();
    }
    let mut searched = ";".to_owned();
    let mut in_string = false;
    let mut rest = line.replace("'\"'", "").replace("\\\"", " ");
    while let Some(at) =
        rest.find(if in_string { "\"" } else { "\"/" }.chars().collect::<Vec<_>>().as_slice())
    {
        let (before, after) = rest.split_at(at);
        if in_string {
            searched.push_str(before);
        }
        if after.starts_with("//") {
            searched.push_str(after.trim_start_matches('/'));
            return searched;
        }
        if after.starts_with('"') {
            in_string = !in_string;
        }
        searched.push(';');
        rest = after[1..].to_owned();
    }
    searched
}

/// Appends the words of a line.
fn split(line: &str, number: usize, words: &mut Vec<Word>) {
    let mut word = String::new();
    let line = line.trim_start().trim_start_matches(['#', '>', '-', '*', '/', '!']);
    for character in line.chars().chain([' ']) {
        if character.is_alphanumeric() || character == '_' {
            word.extend(character.to_lowercase());
            continue;
        }
        if !word.is_empty() {
            words.push(Word { text: std::mem::take(&mut word), line: number });
        }
        if !character.is_whitespace() && !"*_-'’".contains(character) {
            words.push(Word { text: String::new(), line: number });
        }
    }
}
