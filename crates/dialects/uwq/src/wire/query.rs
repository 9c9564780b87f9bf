//! The query of a callout: form encoding, read leniently (uwq.md §4.1).

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::limits::PARAMETERS_MAX;

/// Characters besides letters and digits that are not percent-encoded.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'*');

/// The parameters of a callout.
#[derive(Debug)]
pub(super) struct Parameters<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Parameters<'a> {
    /// Splits a query. The order is free, and empty parts are ignored, such as after a trailing `&`.
    pub(super) fn split(query: &'a str) -> Self {
        let parts = query.split('&').filter(|part| !part.is_empty()).take(PARAMETERS_MAX);
        Self(parts.map(|part| part.split_once('=').unwrap_or((part, ""))).collect())
    }

    /// The decoded value of a name in any case. The first one counts, and an empty one counts as missing. An error if it is not UTF-8.
    pub(super) fn get(&self, name: &str) -> Result<Option<Cow<'a, str>>, std::str::Utf8Error> {
        let found = self.0.iter().find(|(found, _)| decodes_to(found, name));
        let value = found.map(|(_, value)| decode(value)).transpose()?;
        Ok(value.filter(|value| !value.is_empty()))
    }
}

fn decodes_to(written: &str, name: &str) -> bool {
    written.eq_ignore_ascii_case(name)
        || (written.contains(['%', '+', ' '])
            && decode(written).is_ok_and(|decoded| decoded.trim().eq_ignore_ascii_case(name)))
}

fn decode(written: &str) -> Result<Cow<'_, str>, std::str::Utf8Error> {
    if written.contains('+') {
        let spaced = written.replace('+', " ");
        return Ok(Cow::Owned(percent_decode_str(&spaced).decode_utf8()?.into_owned()));
    }
    percent_decode_str(written).decode_utf8()
}

/// Appends a parameter to a target that already has a query.
pub(super) fn push(target: &mut String, name: &str, value: &str) {
    target.push('&');
    target.push_str(name);
    target.push('=');
    target.extend(utf8_percent_encode(value, ENCODED));
}

/// A request target for the log: the value of every `agentPassword` is hidden.
///
/// ```
/// let target = "/?FunctionName=Login&AGENTPASSWORD=1234&agentQueue=7700";
/// assert_eq!(cordboard_uwq::wire::redact(target), "/?FunctionName=Login&AGENTPASSWORD=***&agentQueue=7700");
/// ```
pub fn redact(target: &str) -> Cow<'_, str> {
    let Some((path, query)) = target.split_once('?') else { return Cow::Borrowed(target) };
    let masked = query.split('&').map(|part| match part.split_once('=') {
        Some((name, _)) if decodes_to(name, "agentPassword") => format!("{name}=***"),
        Some(_) | None => part.to_owned(),
    });
    Cow::Owned(format!("{path}?{}", masked.collect::<Vec<_>>().join("&")))
}
