//! Composes the notification of a call.

use std::collections::BTreeMap;

use model::Interaction;
use session::{PopKey, fingerprint};

use crate::{
    TelephonyConfig,
    wire::{
        Custom, Details, Notification, PayLoad, Property,
        contract::{MEDIA_PHONE, NONE, OBJECT_CONTACT, OBJECT_MESSAGE},
        limits::{CUSTOM_MAX, PROPERTIES_MAX},
    },
};

pub(super) fn notification(call: &Interaction, user: i32, config: &TelephonyConfig) -> Notification {
    let contact = call.pair(&config.contact_id).and_then(|id| id.parse::<i32>().ok()).filter(|id| *id > 0);
    let session = config.session_ids.then(|| session_id(call));
    let details = Details {
        object_type: OBJECT_CONTACT,
        object_id: contact.unwrap_or(NONE),
        // When the contact is known there is nothing to resolve, and a list would open a dialog.
        custom_list: if contact.is_some() { Vec::new() } else { custom_list(call, config) },
        is_log_case_mandatory: config.log_mandatory,
        pay_load: vec![PayLoad { object_type: OBJECT_MESSAGE, properties: properties(call, config) }],
        script_id: config.script.unwrap_or(NONE),
        session_id: session.unwrap_or(NONE),
        ..Details::default()
    };
    Notification { user_id: user, media_type: MEDIA_PHONE, details: Some(details) }
}

/// The number of a call's phone session, another one for each customer of the call: from 1, and the same in each process that posts it. Interaction ids are random, so
/// another installation that posts to the same service has other numbers. Two calls of one user have the same number once in 2³¹
/// cases, and even then Cordboard's own desk end treats them as two notifications.
pub(super) fn session_id(call: &Interaction) -> i32 {
    let sum = match call.customer_changes {
        0 => fingerprint(call.id.0.as_bytes()),
        _ => fingerprint(PopKey::of(call).to_string().as_bytes()),
    };
    let folded = sum ^ (sum >> 64);
    // At most 2³¹ - 1: the remainder is below that, and one is added.
    i32::try_from(folded % u128::from(i32::MAX.unsigned_abs())).map_or(NONE, |number| number + 1)
}

fn custom_list(call: &Interaction, config: &TelephonyConfig) -> Vec<Custom> {
    let known = config.custom_list.iter().filter_map(|entry| {
        let value = if entry.from == "ani" { ani(call) } else { call.pair(&entry.from) };
        Some(Custom { key: entry.key.to_string(), value: value?.to_owned() })
    });
    known.take(CUSTOM_MAX).collect()
}

fn properties(call: &Interaction, config: &TelephonyConfig) -> Vec<Property> {
    let property = |id: i32, value: Option<&str>| Some(Property { id, value: value?.to_owned() });
    let numbers = [
        property(config.ani_property, ani(call)),
        property(config.dni_property, call.dialled.as_ref().map(|number| number.as_str())),
    ];
    let more: BTreeMap<_, _> = config.properties.iter().map(|pair| (pair.id, &pair.from)).collect();
    let more = more.iter().filter_map(|(id, name)| property(*id, call.pair(name)));
    numbers.into_iter().flatten().chain(more).take(PROPERTIES_MAX).collect()
}

fn ani(call: &Interaction) -> Option<&str> {
    call.customer.at.number()
}
