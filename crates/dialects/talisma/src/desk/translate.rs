//! Translates a notification into a pop (talisma.md §2.1).

use model::{Data, DataError, Floor, Number, Pop, PopRecord, SearchTerm};

use crate::{
    config::Names,
    wire::{
        Details, Notification, PayLoad, Status,
        contract::{MEDIA_PHONE, OBJECT_ACCOUNT, OBJECT_CONTACT, OBJECT_INTERACTION, OBJECT_MESSAGE},
        limits::{CUSTOM_MAX, PROPERTIES_MAX, VALUE_BYTES_MAX},
    },
};

/// Why a notification is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NotificationError {
    pub(super) status: Status,
    /// A sentence that can be shown to a person.
    pub(super) text: String,
}

impl NotificationError {
    pub(super) fn new(status: Status, text: impl Into<String>) -> Self {
        Self { status, text: text.into() }
    }
}

/// The agent, the pop and what was ignored in the notification.
#[derive(Debug)]
pub(super) struct Translated {
    pub(super) pop: Pop,
    pub(super) warnings: Vec<String>,
}

/// Checks that it is a phone notification and translates it.
pub(super) fn details(notification: &Notification) -> Result<&Details, NotificationError> {
    if notification.media_type != MEDIA_PHONE {
        return Err(NotificationError::new(Status::InvalidMediaType, "MediaType must be 1 (phone)."));
    }
    let missing = || NotificationError::new(Status::InvalidRequest, "NotificationData is required.");
    notification.details.as_ref().ok_or_else(missing)
}

pub(super) fn pop(details: &Details, names: &Names, floor: &Floor) -> Result<Translated, NotificationError> {
    let mut warnings = without_effect(details);
    let record = record(details, names, &mut warnings)?;
    let message = values(details, OBJECT_MESSAGE, names)?;
    let log_fields = values(details, OBJECT_INTERACTION, names)?;
    let pop = Pop {
        record,
        resolve: clues(details)?,
        ani: number(details, names.ani, &mut warnings),
        dialled: number(details, names.dni, &mut Vec::new()),
        script: script(details, names, floor, &mut warnings),
        log_required: details.is_log_case_mandatory,
        log_fields,
        data: message,
        occupies: names.session_occupies_agent,
        ..Pop::default()
    };
    Ok(Translated { pop, warnings })
}

/// Warnings about members that the vendor calls internal. No source gives a meaning for any value of them, so they change nothing.
fn without_effect(details: &Details) -> Vec<String> {
    let members = [
        ("ChangeInteractionNotes", details.change_interaction_notes.unwrap_or_default()),
        ("CreatePreview", details.create_preview.unwrap_or_default()),
        ("SessionMode", details.session_mode),
    ];
    let given = members.into_iter().filter(|(_, value)| !matches!(value, 0 | -1));
    given
        .map(|(member, value)| format!("{member} {value} has no effect; its meaning is not published."))
        .collect()
}

/// The record to show. Its kind decides which member has its id.
fn record(
    details: &Details,
    names: &Names,
    warnings: &mut Vec<String>,
) -> Result<Option<PopRecord>, NotificationError> {
    let kind = details.object_type;
    let (member, id) = match kind {
        OBJECT_ACCOUNT => ("AccountId", details.account_id),
        OBJECT_INTERACTION => ("CaseId", details.case_id),
        _ => ("ObjectId", details.object_id),
    };
    if member != "ObjectId" && details.object_id > 0 {
        warnings.push(format!("ObjectId {} is not used when ObjectType is {kind}.", details.object_id));
    }
    if id > 0 && kind > 0 {
        let name = names.objects.get(&kind).cloned().unwrap_or_else(|| kind.to_string().into());
        return Ok(Some(PopRecord { kind: name, id: id.to_string().into() }));
    }
    let may_be_found = kind == OBJECT_CONTACT || (member == "ObjectId" && !details.custom_list.is_empty());
    if may_be_found {
        return Ok(None);
    }
    let text = if kind > 0 {
        format!("{member} is required when ObjectType is {kind}.")
    } else {
        format!(
            "ObjectType {kind} is not a type of record; send 2 (Account), 3 (Contact), 7 (Interaction) or the number of another object, or a CustomList."
        )
    };
    Err(NotificationError::new(Status::InvalidObject, text))
}

fn clues(details: &Details) -> Result<Vec<SearchTerm>, NotificationError> {
    let list = &details.custom_list;
    let invalid = |text: String| Err(NotificationError::new(Status::InvalidRequest, text));
    if list.len() > CUSTOM_MAX {
        return invalid(format!("CustomList has {} entries, at most {CUSTOM_MAX} are allowed.", list.len()));
    }
    if let Some(entry) = list.iter().find(|entry| entry.key.len().max(entry.value.len()) > VALUE_BYTES_MAX) {
        let bytes = entry.key.len().max(entry.value.len());
        return invalid(format!(
            "An entry of CustomList has {bytes} bytes, at most {VALUE_BYTES_MAX} are allowed."
        ));
    }
    let clues = list
        .iter()
        .map(|entry| SearchTerm { key: entry.key.as_str().into(), value: entry.value.as_str().into() });
    Ok(clues.collect())
}

/// The properties for one kind of object, by name. If an id occurs twice, the last value is used.
fn values(details: &Details, object: i32, names: &Names) -> Result<Data, NotificationError> {
    if let Some(PayLoad { object_type, .. }) = details.pay_load.iter().find(|part| !is_known(part)) {
        let text =
            format!("ObjectType {object_type} of a PayLoadData is neither 7 (Interaction) nor 26 (Message).");
        return Err(NotificationError::new(Status::InvalidObject, text));
    }
    let invalid = |text: String| NotificationError::new(Status::InvalidRequest, text);
    let mut data = Data::new();
    for property in
        details.pay_load.iter().filter(|part| part.object_type == object).flat_map(|part| &part.properties)
    {
        if property.id <= 0 {
            return Err(invalid(format!("PropertyId {} is not above 0.", property.id)));
        }
        let name = names.properties.get(&property.id).map(ToString::to_string);
        let name = name.unwrap_or_else(|| property.id.to_string());
        data.set(name, &property.value).map_err(|error: DataError| invalid(format!("PayLoad: {error}.")))?;
        if data.len() > PROPERTIES_MAX {
            return Err(invalid(format!(
                "PayLoad has more than {PROPERTIES_MAX} properties for one object."
            )));
        }
    }
    Ok(data)
}

fn is_known(part: &PayLoad) -> bool {
    matches!(part.object_type, OBJECT_INTERACTION | OBJECT_MESSAGE)
}

/// The number in a property of the message. The vendor's own sample has "ANI - 101" there, which is not a number.
fn number(details: &Details, property: i32, warnings: &mut Vec<String>) -> Option<Number> {
    let parts = details.pay_load.iter().filter(|part| part.object_type == OBJECT_MESSAGE);
    let last = parts.flat_map(|part| &part.properties).rfind(|found| found.id == property)?;
    let read = Number::new(&last.value);
    if let Err(error) = &read {
        warnings.push(format!("Property {property} joins no call: {error}."));
    }
    read.ok()
}

/// The script, by its configured name or its number. The desk shows scripts of the floor.
fn script(
    details: &Details,
    names: &Names,
    floor: &Floor,
    warnings: &mut Vec<String>,
) -> Option<compact_str::CompactString> {
    let id = Some(details.script_id).filter(|id| *id > 0)?;
    let name = names.scripts.get(&id).cloned().unwrap_or_else(|| id.to_string().into());
    if !floor.scripts.iter().any(|script| script.name == name) {
        warnings.push(format!("Script {id} is not shown: the floor has no script named \"{name}\"."));
    }
    Some(name)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use model::Script;

    use super::*;
    use crate::{DeskConfig, config::NamedId};

    /// The warnings for script 12 on a floor with these scripts.
    fn warnings(on_floor: &[&str], names: &[(i32, &str)]) -> Vec<String> {
        let scripts =
            on_floor.iter().map(|name| serde_json::json!({"name": name, "title": "", "markdown": ""}));
        let scripts: Vec<Script> = scripts.map(|script| serde_json::from_value(script).unwrap()).collect();
        let floor = Floor { scripts, ..Floor::default() };
        let names = names.iter().map(|(id, name)| NamedId { id: *id, name: (*name).into() });
        let config = DeskConfig { scripts: names.collect(), ..DeskConfig::default() };
        let details = Details { object_type: 3, script_id: 12, ..Details::default() };
        pop(&details, &Names::new(&config), &floor).unwrap().warnings
    }

    #[test]
    fn a_script_that_the_floor_does_not_have_causes_a_warning() {
        let missing =
            |name: &str| vec![format!("Script 12 is not shown: the floor has no script named \"{name}\".")];
        assert_eq!(warnings(&["12"], &[(7, "greeting")]), [""; 0], "its number is its name");
        assert_eq!(warnings(&["greeting"], &[(12, "greeting")]), [""; 0]);
        assert_eq!(warnings(&[], &[]), missing("12"));
        assert_eq!(warnings(&["12"], &[(12, "greeting")]), missing("greeting"));
    }
}
