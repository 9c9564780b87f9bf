//! The operation that a message requests, and its parameter.

use wire::soap::{Fault, FaultKind, Message};

use crate::{
    DeskConfig,
    wire::{
        Notification,
        contract::{CONTRACT, OPERATION},
    },
};

/// The notification that a message carries; `None` when it carries an empty one.
///
/// The operation is taken from the first of these: the WS-Addressing action, the action of the HTTP head, the element in the body
/// (talisma.md §3.5).
pub(super) fn notification(
    message: &Message,
    http_action: Option<&str>,
    config: &DeskConfig,
) -> Result<Option<Notification>, Fault> {
    let body = message.body.as_ref().filter(|body| body.local() == OPERATION);
    let action = message.action.as_deref().or(http_action);
    if action.is_some_and(|action| action != config.contract().action())
        || (action.is_none() && body.is_none())
    {
        let text = format!("the action {:?} is not an operation of {CONTRACT}", action.unwrap_or_default());
        return Err(Fault::new(FaultKind::ActionNotSupported, text));
    }
    let unreadable = |text: String| Fault::new(FaultKind::DeserializationFailed, text);
    let body = body.ok_or_else(|| unreadable(format!("the body has no element {OPERATION}")))?;
    let read = Notification::read(body);
    read.map_err(|error| unreadable(format!("parameter notificationRequest could not be read: {error}")))
}
