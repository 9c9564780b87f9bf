//! `NotificationResponse`.

use wire::{
    soap::XSI,
    xml::{Element, Writer},
};

use super::{
    Contract,
    members::Members,
    notification::{int, nil},
};
use crate::Error;

/// The answer to a notification.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    /// The notification as it took effect, as JSON.
    pub json: Option<String>,
    /// 0 for success; negative for a failure.
    pub status: i32,
    /// Why the notification failed.
    pub error: Option<String>,
    /// The internal cause, in one line.
    pub exception: Option<String>,
}

impl Outcome {
    /// Reads the element `PostNotificationResponse`.
    pub fn read(operation: &Element) -> Result<Self, Error> {
        let missing = |member| Error::Missing { member };
        let result = Members::of(operation)?.element("PostNotificationResult");
        let members = Members::of(result.ok_or_else(|| missing("PostNotificationResult"))?)?;
        members.element("StatusCode").ok_or_else(|| missing("StatusCode"))?;
        Ok(Self {
            json: members.text_or_nil("JsonString")?,
            status: members.int("StatusCode")?,
            error: members.text_or_nil("ErrorMessage")?,
            exception: members.text_or_nil("InnerException")?,
        })
    }

    /// Writes the element `PostNotificationResponse`. Members are in alphabetical order, which WCF requires (talisma.md §3.2).
    pub fn write(&self, xml: &mut Writer, contract: &Contract) {
        xml.open("PostNotificationResponse", &[("xmlns", &contract.service)]);
        xml.open("PostNotificationResult", &[("xmlns:d", &contract.data), ("xmlns:i", XSI)]);
        text_or_nil(xml, "d:ErrorMessage", self.error.as_deref());
        text_or_nil(xml, "d:InnerException", self.exception.as_deref());
        text_or_nil(xml, "d:JsonString", self.json.as_deref());
        int(xml, "d:StatusCode", self.status);
        xml.close();
        xml.close();
    }
}

fn text_or_nil(xml: &mut Writer, name: &'static str, text: Option<&str>) {
    match text {
        Some(text) => xml.leaf(name, &[], text),
        None => nil(xml, name),
    }
}
