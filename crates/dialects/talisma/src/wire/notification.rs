//! `NotificationRequest` and its parts.

use std::fmt;

use serde::Serialize;
use wire::{
    soap::XSI,
    xml::{Element, Writer},
};

use super::{
    contract::{Contract, NONE, OPERATION},
    members::Members,
};
use crate::Error;

/// `NotificationRequest`: something to show to one user.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Notification {
    /// The Talisma user.
    pub user_id: i32,
    /// The media type; 1 is phone.
    pub media_type: i32,
    /// The call and the record to show.
    #[serde(rename = "NotificationData")]
    pub details: Option<Details>,
}

/// `NotificationData`. An integer that is not given is 0 on the wire and -1 in the vendor's article; neither is an id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Details {
    /// The kind of record.
    pub object_type: i32,
    /// The record's id; -1 for an account or an interaction.
    pub object_id: i32,
    /// The account's id, when the record is an account.
    pub account_id: i32,
    /// The interaction's id, when the record is an interaction.
    pub case_id: i32,
    /// What is known of the contact, shown in a dialog.
    pub custom_list: Vec<Custom>,
    /// Whether an interaction must be logged before the session ends.
    pub is_log_case_mandatory: bool,
    /// Values for the message and for the interaction that is logged.
    pub pay_load: Vec<PayLoad>,
    /// The script to open.
    pub script_id: i32,
    /// The number of the phone session. "Internal" in the vendor's article; our choice is to make a retry safe with it.
    pub session_id: i32,
    /// "Internal" in the vendor's article.
    pub change_interaction_notes: Option<i32>,
    /// "Internal" in the vendor's article.
    pub session_mode: i32,
    /// "Internal" in the vendor's article.
    pub create_preview: Option<i32>,
}

impl Default for Details {
    fn default() -> Self {
        Self {
            object_type: NONE,
            object_id: NONE,
            account_id: NONE,
            case_id: NONE,
            custom_list: Vec::new(),
            is_log_case_mandatory: false,
            pay_load: Vec::new(),
            script_id: NONE,
            session_id: NONE,
            change_interaction_notes: None,
            session_mode: NONE,
            create_preview: None,
        }
    }
}

/// `CustomData`: a value to find the contact with.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Custom {
    /// The name of the value.
    pub key: String,
    /// The value. Personal data: its `Debug` form is not shown.
    pub value: String,
}

impl fmt::Debug for Custom {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Custom({:?})", self.key)
    }
}

/// `PayLoadData`: properties of one object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct PayLoad {
    /// The object: 7 is the interaction that is logged, 26 is the message.
    pub object_type: i32,
    /// The properties to save in it.
    #[serde(rename = "PropertyDataList")]
    pub properties: Vec<Property>,
}

/// `PropertyData`: one property.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Property {
    /// The property's id; ids differ between installations.
    #[serde(rename = "PropertyId")]
    pub id: i32,
    /// The value. Personal data: its `Debug` form is not shown.
    #[serde(rename = "PropertyValue")]
    pub value: String,
}

impl fmt::Debug for Property {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Property({})", self.id)
    }
}

impl Notification {
    /// Reads the element `PostNotification`; `None` when it carries no request.
    pub fn read(operation: &Element) -> Result<Option<Self>, Error> {
        let Some(request) = Members::of(operation)?.element("notificationRequest") else { return Ok(None) };
        let members = Members::of(request)?;
        let details = members.element("NotificationData").map(Details::read).transpose()?;
        Ok(Some(Self { user_id: members.int("UserId")?, media_type: members.int("MediaType")?, details }))
    }

    /// Writes the element `PostNotification`. Members are in alphabetical order, which WCF requires (talisma.md §3.2).
    pub fn write(&self, xml: &mut Writer, contract: &Contract) {
        xml.open(OPERATION, &[("xmlns", &contract.service)]);
        xml.open("notificationRequest", &[("xmlns:d", &contract.data), ("xmlns:i", XSI)]);
        int(xml, "d:MediaType", self.media_type);
        match &self.details {
            Some(details) => details.write(xml),
            None => nil(xml, "d:NotificationData"),
        }
        int(xml, "d:UserId", self.user_id);
        xml.close();
        xml.close();
    }
}

impl Details {
    fn read(element: &Element) -> Result<Self, Error> {
        let members = Members::of(element)?;
        Ok(Self {
            object_type: members.int("ObjectType")?,
            object_id: members.int("ObjectId")?,
            account_id: members.int("AccountId")?,
            case_id: members.int("CaseId")?,
            custom_list: members.list("CustomList", "CustomData", Custom::read)?,
            is_log_case_mandatory: members.boolean("IsLogCaseMandatory")?,
            pay_load: members.list("PayLoad", "PayLoadData", PayLoad::read)?,
            script_id: members.int("ScriptId")?,
            session_id: members.int("SessionId")?,
            change_interaction_notes: members.any_int("ChangeInteractionNotes")?,
            session_mode: members.int("SessionMode")?,
            create_preview: members.any_int("CreatePreview")?,
        })
    }

    fn write(&self, xml: &mut Writer) {
        xml.open("d:NotificationData", &[]);
        int(xml, "d:AccountId", self.account_id);
        int(xml, "d:CaseId", self.case_id);
        int_or_nil(xml, "d:ChangeInteractionNotes", self.change_interaction_notes);
        int_or_nil(xml, "d:CreatePreview", self.create_preview);
        list(xml, "d:CustomList", &self.custom_list, Custom::write);
        xml.leaf("d:IsLogCaseMandatory", &[], if self.is_log_case_mandatory { "true" } else { "false" });
        int(xml, "d:ObjectId", self.object_id);
        int(xml, "d:ObjectType", self.object_type);
        list(xml, "d:PayLoad", &self.pay_load, PayLoad::write);
        int(xml, "d:ScriptId", self.script_id);
        int(xml, "d:SessionId", self.session_id);
        int(xml, "d:SessionMode", self.session_mode);
        xml.close();
    }
}

impl Custom {
    fn read(element: &Element) -> Result<Self, Error> {
        let members = Members::of(element)?;
        Ok(Self { key: members.text("Key")?, value: members.text("Value")? })
    }

    fn write(&self, xml: &mut Writer) {
        xml.open("d:CustomData", &[]);
        xml.leaf("d:Key", &[], &self.key);
        xml.leaf("d:Value", &[], &self.value);
        xml.close();
    }
}

impl PayLoad {
    fn read(element: &Element) -> Result<Self, Error> {
        let members = Members::of(element)?;
        let properties = members.list("PropertyDataList", "PropertyData", Property::read)?;
        Ok(Self { object_type: members.int("ObjectType")?, properties })
    }

    fn write(&self, xml: &mut Writer) {
        xml.open("d:PayLoadData", &[]);
        int(xml, "d:ObjectType", self.object_type);
        list(xml, "d:PropertyDataList", &self.properties, Property::write);
        xml.close();
    }
}

impl Property {
    fn read(element: &Element) -> Result<Self, Error> {
        let members = Members::of(element)?;
        Ok(Self { id: members.int("PropertyId")?, value: members.text("PropertyValue")? })
    }

    fn write(&self, xml: &mut Writer) {
        xml.open("d:PropertyData", &[]);
        int(xml, "d:PropertyId", self.id);
        xml.leaf("d:PropertyValue", &[], &self.value);
        xml.close();
    }
}

pub(super) fn int(xml: &mut Writer, name: &'static str, value: i32) {
    xml.leaf(name, &[], &value.to_string());
}

pub(super) fn nil(xml: &mut Writer, name: &'static str) {
    xml.empty(name, &[("i:nil", "true")]);
}

fn int_or_nil(xml: &mut Writer, name: &'static str, value: Option<i32>) {
    match value {
        Some(value) => int(xml, name, value),
        None => nil(xml, name),
    }
}

/// Writes a list. .NET writes a missing list as nil; an empty one reads the same.
fn list<T>(xml: &mut Writer, name: &'static str, items: &[T], write: impl Fn(&T, &mut Writer)) {
    if items.is_empty() {
        return nil(xml, name);
    }
    xml.open(name, &[]);
    items.iter().for_each(|item| write(item, xml));
    xml.close();
}
