//! The members of an object, found by their local names: in any order and any namespace, missing or nil (talisma.md §7). Content that
//! a member cannot have is an error: text in an object or a list, and elements in a value.

use wire::{soap::XSI, xml::Element};

use crate::Error;

/// The members of an object.
pub(super) struct Members<'a>(Vec<(&'a str, &'a Element)>);

impl<'a> Members<'a> {
    /// Reads the members of an object; none may occur twice.
    pub(super) fn of(object: &'a Element) -> Result<Self, Error> {
        let mut members: Vec<(&str, &Element)> = Vec::new();
        no_text(object)?;
        for element in object.elements() {
            let name = element.local();
            if members.iter().any(|(other, _)| *other == name) {
                return Err(Error::Twice { member: name.to_owned() });
            }
            members.push((name, element));
        }
        Ok(Self(members))
    }

    /// A member that is an object; `None` when it is not there or nil.
    pub(super) fn element(&self, name: &str) -> Option<&'a Element> {
        let found = self.0.iter().find(|(found, _)| *found == name);
        found.map(|(_, element)| *element).filter(|element| !is_nil(element))
    }

    /// An `xs:int`; 0 when it is not there, nil or empty.
    pub(super) fn int(&self, name: &'static str) -> Result<i32, Error> {
        let text = self.text(name)?;
        match text.trim() {
            "" => Ok(0),
            text => text.parse().map_err(|_| wrong(name, "Int32", text)),
        }
    }

    /// An `xs:int` for which any text is accepted. Text that is not an integer is ignored.
    pub(super) fn any_int(&self, name: &str) -> Result<Option<i32>, Error> {
        Ok(self.text(name)?.trim().parse().ok())
    }

    /// An `xs:boolean`; false when it is not there, nil or empty.
    pub(super) fn boolean(&self, name: &'static str) -> Result<bool, Error> {
        match self.text(name)?.trim() {
            "true" | "1" => Ok(true),
            "" | "false" | "0" => Ok(false),
            text => Err(wrong(name, "Boolean", text)),
        }
    }

    /// An `xs:string`; empty when it is not there or nil.
    pub(super) fn text(&self, name: &str) -> Result<String, Error> {
        Ok(self.text_or_nil(name)?.unwrap_or_default())
    }

    /// An `xs:string`; `None` when it is not there or nil.
    pub(super) fn text_or_nil(&self, name: &str) -> Result<Option<String>, Error> {
        let Some(value) = self.element(name) else { return Ok(None) };
        match value.elements().next() {
            Some(child) => Err(Error::Nested { member: name.to_owned(), child: short(child.local()) }),
            None => Ok(Some(value.text())),
        }
    }

    /// The items of a list; none when it is not there or nil. Items that are nil are skipped.
    pub(super) fn list<T>(
        &self,
        name: &str,
        item: &str,
        read: impl Fn(&Element) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        let Some(list) = self.element(name) else { return Ok(Vec::new()) };
        no_text(list)?;
        let items = list.elements().filter(|element| element.local() == item && !is_nil(element));
        items.map(read).collect()
    }
}

fn is_nil(element: &Element) -> bool {
    matches!(element.attribute_in(XSI, "nil").map(str::trim), Some("true" | "1"))
}

/// An object or a list has elements, and white space between them.
fn no_text(object: &Element) -> Result<(), Error> {
    let text = object.text();
    match text.trim() {
        "" => Ok(()),
        text => Err(Error::Text { element: short(object.local()), text: short(text) }),
    }
}

/// A text that is short enough for an error message.
fn short(text: &str) -> String {
    text.chars().take(64).collect()
}

fn wrong(member: &'static str, expected: &'static str, text: &str) -> Error {
    Error::Value { member, expected, text: short(text) }
}
