//! Parses documents into trees.

use compact_str::CompactString;
use quick_xml::{
    Reader,
    escape::resolve_xml_entity,
    events::{BytesDecl, BytesRef, BytesStart, Event, attributes::Attribute},
};

use super::{Element, Error, Limits, Node, is_allowed, scope, scope::Scope, tree::split};

/// Parses a document. It must be UTF-8 and have one root. Comments and processing instructions are dropped.
pub fn parse(document: &[u8], limits: &Limits) -> Result<Element, Error> {
    let (bytes, bytes_max) = (document.len(), limits.bytes_max);
    if bytes > bytes_max {
        return Err(Error::Bytes { bytes, bytes_max });
    }
    let text = std::str::from_utf8(document).map_err(|error| Error::NotUtf8 { at: error.valid_up_to() })?;
    check_characters(text)?;
    let mut tree = Tree { limits, open: Vec::new(), root: None, elements: 0 };
    let mut reader = Reader::from_str(text.strip_prefix('\u{feff}').unwrap_or(text));
    reader.config_mut().check_comments = true;
    loop {
        let event = reader.read_event().map_err(|error| not_well_formed(reader.error_position(), error))?;
        if matches!(event, Event::Eof) {
            return tree.finish();
        }
        let at = reader.buffer_position();
        tree.take(at, event)?;
    }
}

/// A document that is being parsed.
struct Tree<'a> {
    limits: &'a Limits,
    open: Vec<Element>,
    root: Option<Element>,
    elements: usize,
}

impl Tree<'_> {
    fn take(&mut self, at: u64, event: Event<'_>) -> Result<(), Error> {
        match event {
            Event::Start(start) => self.open(at, &start),
            Event::Empty(start) => self.open(at, &start).and_then(|()| self.close()),
            Event::End(_) => self.close(),
            Event::Text(text) if text.contains("]]>") => Err(not_well_formed(at, "text contains ]]>")),
            Event::Text(text) => self.text(at, &text.xml10_content()),
            Event::CData(text) => self.text(at, &text.xml10_content()),
            Event::GeneralRef(reference) => self.text(at, resolve(&reference)?.as_str()),
            Event::Decl(declaration) => check_encoding(at, &declaration),
            Event::DocType(_) => Err(Error::DocumentType),
            Event::Comment(_) | Event::PI(_) | Event::Eof => Ok(()),
        }
    }

    fn open(&mut self, at: u64, start: &BytesStart<'_>) -> Result<(), Error> {
        let Limits { depth_max, elements_max, .. } = *self.limits;
        if self.root.is_some() {
            return Err(Error::Beside);
        }
        if self.open.len() >= depth_max {
            return Err(Error::Depth { depth_max });
        }
        if self.elements >= elements_max {
            return Err(Error::Elements { elements_max });
        }
        self.elements += 1;
        let name = name(at, start.name().as_ref())?;
        let attributes = attributes(at, &name, start, self.limits)?;
        let around = self.open.last().map(|element| &element.scope);
        let scope = scope::declare(around, &name, &attributes, self.limits.namespaces_max)?;
        check_prefixes(&scope, &name, &attributes)?;
        self.open.push(Element { name, attributes, children: Vec::new(), scope });
        Ok(())
    }

    fn close(&mut self) -> Result<(), Error> {
        let closed = self.open.pop().ok_or(Error::Beside)?;
        match self.open.last_mut() {
            Some(parent) => parent.children.push(Node::Element(closed)),
            None => self.root = Some(closed),
        }
        Ok(())
    }

    fn text(&mut self, at: u64, text: &str) -> Result<(), Error> {
        match self.open.last_mut() {
            Some(element) => append(element, text, self.limits.text_bytes_max)?,
            None if text.trim_ascii().is_empty() => {}
            None => return Err(not_well_formed(at, "there is text outside of the root")),
        }
        Ok(())
    }

    fn finish(self) -> Result<Element, Error> {
        let open = self.open.len();
        self.root.ok_or(Error::Truncated { open })
    }
}

/// Appends text, which arrives in pieces because of entities and CDATA sections.
fn append(element: &mut Element, text: &str, text_bytes_max: usize) -> Result<(), Error> {
    match element.children.last_mut() {
        Some(Node::Text(before)) => before.push_str(text),
        Some(Node::Element(_)) | None if text.is_empty() => {}
        Some(Node::Element(_)) | None => element.children.push(Node::Text(text.into())),
    }
    match element.children.last() {
        Some(Node::Text(whole)) if whole.len() > text_bytes_max => {
            Err(Error::Text { element: element.name.to_string(), text_bytes_max })
        }
        Some(Node::Text(_) | Node::Element(_)) | None => Ok(()),
    }
}

/// Checks that every prefix is declared, and that no two attributes have the same expanded name (XML names §5, §6.3).
fn check_prefixes(
    scope: &Scope,
    name: &str,
    attributes: &[(CompactString, CompactString)],
) -> Result<(), Error> {
    qualified(scope, name)?;
    let mut seen: Vec<(&str, &str)> = Vec::new();
    for (attribute, _) in attributes {
        let Some(pair) = qualified(scope, attribute)? else { continue };
        if seen.contains(&pair) {
            return Err(Error::Twice { element: name.to_owned(), attribute: attribute.to_string() });
        }
        seen.push(pair);
    }
    Ok(())
}

/// The namespace and name of a prefixed name; `None` for a name without a prefix.
fn qualified<'a>(scope: &'a Scope, name: &'a str) -> Result<Option<(&'a str, &'a str)>, Error> {
    let (prefix, local) = split(name);
    if !name.contains(':') {
        return Ok(None);
    }
    let good = !prefix.is_empty() && !local.is_empty() && !local.contains(':');
    match scope.namespace(prefix).filter(|_| good) {
        Some(namespace) => Ok(Some((namespace, local))),
        None => Err(Error::Prefix { name: name.to_owned() }),
    }
}

fn attributes(
    at: u64,
    element: &str,
    start: &BytesStart<'_>,
    limits: &Limits,
) -> Result<Vec<(CompactString, CompactString)>, Error> {
    let mut read: Vec<(CompactString, CompactString)> = Vec::new();
    let mut written = start.attributes();
    // Duplicates are checked below, after the number of attributes is checked, so that the check stays fast.
    for attribute in written.with_checks(false) {
        let attribute = attribute.map_err(|error| not_well_formed(at, error))?;
        if read.len() >= limits.attributes_max {
            let attributes_max = limits.attributes_max;
            return Err(Error::Attributes { element: element.to_owned(), attributes_max });
        }
        let name = name(at, attribute.key.as_ref())?;
        if read.iter().any(|(other, _)| *other == name) {
            return Err(Error::Twice { element: element.to_owned(), attribute: name.into() });
        }
        let value = value(at, &name, &attribute, limits)?;
        read.push((name, value));
    }
    Ok(read)
}

fn value(at: u64, name: &str, attribute: &Attribute<'_>, limits: &Limits) -> Result<CompactString, Error> {
    let raw: &str = attribute.value.as_ref();
    if raw.contains('<') {
        return Err(not_well_formed(at, "an attribute value contains <"));
    }
    let mut value = CompactString::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((before, after)) = rest.split_once('&') {
        push_normalised(&mut value, before);
        let (reference, after) =
            after.split_once(';').ok_or_else(|| not_well_formed(at, "a reference has no semicolon"))?;
        value.push_str(&resolve(&BytesRef::new(reference))?);
        rest = after;
    }
    push_normalised(&mut value, rest);
    let (bytes, value_bytes_max) = (value.len(), limits.value_bytes_max);
    if bytes > value_bytes_max {
        return Err(Error::Value { attribute: name.to_owned(), bytes, value_bytes_max });
    }
    Ok(value)
}

/// Normalizes white space: each literal white space character in an attribute value becomes a space (XML 1.0 §3.3.3),
/// and CR LF counts as one.
fn push_normalised(value: &mut CompactString, written: &str) {
    if !written.contains(['\t', '\n', '\r']) {
        return value.push_str(written);
    }
    let blank = |character| if matches!(character, '\t' | '\n' | '\r') { ' ' } else { character };
    value.extend(written.replace("\r\n", "\n").chars().map(blank));
}

fn resolve(reference: &BytesRef<'_>) -> Result<String, Error> {
    let written: &str = reference;
    match reference.resolve_char_ref() {
        Ok(Some(character)) if is_allowed(character) => Ok(character.into()),
        Ok(Some(character)) => Err(Error::Character { code: u32::from(character) }),
        Ok(None) => match resolve_xml_entity(written) {
            Some(text) => Ok(text.to_owned()),
            None => Err(Error::Entity { name: written.chars().take(32).collect() }),
        },
        Err(_) => Err(Error::Entity { name: written.chars().take(32).collect() }),
    }
}

fn check_encoding(at: u64, declaration: &BytesDecl<'_>) -> Result<(), Error> {
    match declaration.encoding() {
        None => Ok(()),
        Some(Ok(encoding))
            if ["utf-8", "us-ascii"].iter().any(|known| encoding.eq_ignore_ascii_case(known)) =>
        {
            Ok(())
        }
        Some(Ok(encoding)) => Err(Error::Encoding { encoding: encoding.chars().take(32).collect() }),
        Some(Err(error)) => Err(not_well_formed(at, error)),
    }
}

fn check_characters(text: &str) -> Result<(), Error> {
    if text.bytes().all(|byte| matches!(byte, b'\t' | b'\n' | b'\r' | b' '..=b'~')) {
        return Ok(());
    }
    match text.chars().find(|character| !is_allowed(*character)) {
        Some(character) => Err(Error::Character { code: u32::from(character) }),
        None => Ok(()),
    }
}

fn name(at: u64, written: &str) -> Result<CompactString, Error> {
    let starts = written.chars().next().is_some_and(|first| !matches!(first, '-' | '.' | '0'..='9'));
    let fits = |character: char| match character {
        '-' | '.' | '_' | ':' | '\u{b7}' => true,
        character => character.is_alphanumeric(),
    };
    if starts && written.chars().all(fits) {
        return Ok(written.into());
    }
    Err(not_well_formed(at, format_args!("{:?} is no name", written.chars().take(32).collect::<String>())))
}

fn not_well_formed(at: u64, why: impl ToString) -> Error {
    Error::NotWellFormed { at, why: why.to_string() }
}
