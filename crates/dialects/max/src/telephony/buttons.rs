//! Call commands: a page presses one of MAX's main buttons (max.md §2.5).

use std::collections::{BTreeMap, BTreeSet};

use model::{CommandId, InteractionId, Leg, Timestamp, Verb};
use session::{Frame, Page};

use super::{
    TelephonySession,
    pages::OpenPage,
    view::{MaxView, ViewedCall},
};
use crate::wire::{Button, CallContact, ContactId, Status, limits::BUTTON_AGAIN};

/// Button presses whose effect has not occurred yet.
#[derive(Debug, Default)]
pub(super) struct PendingPresses(BTreeMap<(InteractionId, Button), (Timestamp, CommandId)>);

impl PendingPresses {
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The hub has refused a command.
    pub(super) fn refused(&mut self, command: &CommandId) {
        self.0.retain(|_, (_, pending_presses)| pending_presses != command);
    }

    /// Calls have changed, so presses for them are complete.
    pub(super) fn settle(&mut self, interactions: &BTreeSet<InteractionId>) {
        self.0.retain(|(interaction, _), _| !interactions.contains(interaction));
    }

    /// Whether an earlier press of the button is still pending.
    fn waits(&mut self, interaction: InteractionId, button: Button, now: Timestamp) -> bool {
        self.0.retain(|_, (at, _)| *at + BUTTON_AGAIN > now);
        self.0.contains_key(&(interaction, button))
    }
}

impl TelephonySession {
    pub(super) fn press(&mut self, page: Page, frame: Frame, button: Button, named: Option<&ContactId>) {
        let Some((open_page, viewed)) = self.target(page, frame, button, named) else { return };
        let Some(verb) = verb(button, viewed) else { return };
        let (interaction, by, agent) = (viewed.interaction, open_page.by.clone(), open_page.agent.clone());
        let now = self.out.now();
        if self.pending_presses.waits(interaction, button, now) {
            return;
        }
        let id = self.out.command_id("max", self.instance);
        self.pending_presses.0.insert((interaction, button), (now, id.clone()));
        self.out.command(id, by, agent, Some(interaction), verb);
    }

    /// The call that a button command is for.
    fn target(
        &self,
        page: Page,
        frame: Frame,
        button: Button,
        named: Option<&ContactId>,
    ) -> Option<(&OpenPage, &ViewedCall)> {
        let open_page = self.pages.0.get(&page)?;
        let view = self.view(&open_page.agent)?;
        let viewed = match button {
            Button::Answer | Button::Refuse => ringing(view, named),
            Button::Hold | Button::Mute | Button::Mask | Button::Record | Button::Hangup => {
                self.live(open_page, frame, view, named)
            }
        };
        viewed.map(|viewed| (open_page, viewed))
    }

    /// The call for a command: the named one, or that of the panel, or the one that the agent looks at, or the only one.
    pub(super) fn live<'a>(
        &self,
        open_page: &OpenPage,
        frame: Frame,
        view: &'a MaxView,
        named: Option<&ContactId>,
    ) -> Option<&'a ViewedCall> {
        let is_live = |viewed: &&ViewedCall| !viewed.call.status.is_over();
        let of = |interaction: InteractionId| {
            view.calls.values().filter(is_live).find(|viewed| viewed.interaction == interaction)
        };
        let by_name =
            named.and_then(|id| view.calls.values().filter(is_live).find(|viewed| viewed.call.id == *id));
        let panel = open_page.frames.get(&frame).and_then(|frame_state| frame_state.about.interaction);
        // A consult and its customer's call count as one.
        let mut all = view.calls.values().filter(is_live);
        let only = all.next().filter(|first| all.all(|viewed| viewed.interaction == first.interaction));
        by_name.or_else(|| panel.and_then(of)).or_else(|| open_page.focus.and_then(of)).or(only)
    }
}

/// The ringing call: the named one, or else the oldest.
fn ringing<'a>(view: &'a MaxView, named: Option<&ContactId>) -> Option<&'a ViewedCall> {
    let rings = || view.calls.values().filter(|viewed| viewed.call.status == Status::Incoming);
    rings().find(|viewed| named == Some(&viewed.call.id)).or_else(|| rings().next())
}

/// The verb of a button in the current state; `None` if it cannot be pressed (max.md §2.5, the table).
fn verb(button: Button, viewed: &ViewedCall) -> Option<Verb> {
    let CallContact { status, is_recorded, .. } = viewed.call;
    let leg = viewed.leg;
    // Masking and recording apply to the customer's call.
    if leg == Some(Leg::Consult) && matches!(button, Button::Mask | Button::Record) {
        return None;
    }
    match status {
        Status::Incoming => match button {
            Button::Answer => Some(Verb::Answer),
            Button::Refuse => Some(Verb::Reject),
            Button::Hold | Button::Mute | Button::Mask | Button::Record | Button::Hangup => None,
        },
        Status::Active | Status::Joined => match button {
            Button::Hold => (status == Status::Active).then_some(Verb::Hold { leg }),
            Button::Mute => Some(Verb::Mute { on: !viewed.is_muted }),
            Button::Mask => Some(Verb::Mask { on: true }),
            Button::Record => (!is_recorded).then_some(Verb::Record),
            Button::Hangup => Some(Verb::HangUp { leg }),
            Button::Answer | Button::Refuse => None,
        },
        Status::Holding => match button {
            Button::Hold => Some(Verb::Resume { leg }),
            Button::Mute => Some(Verb::Mute { on: !viewed.is_muted }),
            Button::Answer | Button::Refuse | Button::Mask | Button::Record | Button::Hangup => None,
        },
        Status::Masking => match button {
            Button::Mask => Some(Verb::Mask { on: false }),
            Button::Mute => Some(Verb::Mute { on: !viewed.is_muted }),
            Button::Answer | Button::Refuse | Button::Hold | Button::Record | Button::Hangup => None,
        },
        Status::Dialing
        | Status::Ringing
        | Status::Preview
        | Status::NaturalCallRinging
        | Status::NaturalCallAmd
        | Status::NaturalCallDialing => (button == Button::Hangup).then_some(Verb::HangUp { leg }),
        Status::CallBackDisconnected | Status::Disconnected => None,
    }
}
