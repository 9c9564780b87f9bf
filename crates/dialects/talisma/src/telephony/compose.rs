//! From a call to the notification of it.

use model::Interaction;

use crate::{
    TelephonyConfig,
    wire::{
        Custom, Details, Notification, PayLoad, Property,
        contract::{MEDIA_PHONE, NONE, OBJECT_CONTACT, OBJECT_MESSAGE},
        limits::{CUSTOM_MAX, PROPERTIES_MAX},
    },
};

pub(super) fn notification(call: &Interaction, user: i32, config: &TelephonyConfig) -> Notification {
    let contact = pair(call, &config.contact_id).and_then(|id| id.parse::<i32>().ok()).filter(|id| *id > 0);
    let session = config.session_ids.then(|| i32::try_from(call.number % (1 << 31)).unwrap_or(NONE));
    let details = Details {
        object_type: OBJECT_CONTACT,
        object_id: contact.unwrap_or(NONE),
        // With the contact at hand there is nothing to resolve, and a list would open a dialog.
        custom_list: if contact.is_some() { Vec::new() } else { custom_list(call, config) },
        is_log_case_mandatory: config.log_mandatory,
        pay_load: vec![PayLoad { object_type: OBJECT_MESSAGE, properties: properties(call, config) }],
        script_id: config.script.unwrap_or(NONE),
        session_id: session.unwrap_or(NONE),
        ..Details::default()
    };
    Notification { user_id: user, media_type: MEDIA_PHONE, details: Some(details) }
}

fn custom_list(call: &Interaction, config: &TelephonyConfig) -> Vec<Custom> {
    let known = config.custom_list.iter().filter_map(|entry| {
        let value = if entry.from == "ani" { ani(call) } else { pair(call, &entry.from) };
        Some(Custom { key: entry.key.to_string(), value: value?.to_owned() })
    });
    known.take(CUSTOM_MAX).collect()
}

fn properties(call: &Interaction, config: &TelephonyConfig) -> Vec<Property> {
    let property = |id: i32, value: Option<&str>| Some(Property { id, value: value?.to_owned() });
    let numbers = [
        property(config.ani, ani(call)),
        property(config.dni, call.dialled.as_ref().map(|number| number.as_str())),
    ];
    let more = config.properties.iter().filter_map(|(id, name)| property(*id, pair(call, name)));
    numbers.into_iter().flatten().chain(more).take(PROPERTIES_MAX).collect()
}

fn ani(call: &Interaction) -> Option<&str> {
    call.customer.at.number()
}

/// A pair in the data of the call, or else of its contact.
fn pair<'a>(call: &'a Interaction, name: &str) -> Option<&'a str> {
    let contact = || call.contact.as_ref().and_then(|contact| contact.data.get(name));
    call.data.get(name).or_else(contact)
}
