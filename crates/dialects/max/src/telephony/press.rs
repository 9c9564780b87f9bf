//! Call commands: a page presses one of MAX's main buttons (max.md §2.5).

use std::collections::{BTreeMap, BTreeSet};

use model::{CommandId, InteractionId, Timestamp, Verb};
use session::{Frame, Page};

use super::{
    Telephony,
    desks::Desk,
    picture::{Line, Picture},
};
use crate::wire::{Button, CallContact, ContactId, Status, limits::BUTTON_AGAIN};

/// Buttons that were pressed and have not shown their effect.
#[derive(Debug, Default)]
pub(super) struct Pressed(BTreeMap<(InteractionId, Button), (Timestamp, CommandId)>);

impl Pressed {
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The hub said no.
    pub(super) fn refused(&mut self, command: &CommandId) {
        self.0.retain(|_, (_, pressed)| pressed != command);
    }

    /// These calls have changed.
    pub(super) fn settle(&mut self, works: &BTreeSet<InteractionId>) {
        self.0.retain(|(work, _), _| !works.contains(work));
    }

    /// Whether the button's effect is still to be seen.
    fn waits(&mut self, work: InteractionId, button: Button, now: Timestamp) -> bool {
        self.0.retain(|_, (at, _)| *at + BUTTON_AGAIN > now);
        self.0.contains_key(&(work, button))
    }
}

impl Telephony {
    pub(super) fn press(&mut self, page: Page, frame: Frame, button: Button, named: Option<&ContactId>) {
        let Some((desk, line)) = self.target(page, frame, button, named) else { return };
        let Some(verb) = verb(button, line) else { return };
        let (work, by, agent) = (line.work, desk.by.clone(), desk.agent.clone());
        let now = self.out.now();
        if self.pressed.waits(work, button, now) {
            return;
        }
        let id = self.out.command_id("max", self.instance);
        self.pressed.0.insert((work, button), (now, id.clone()));
        self.out.command(id, by, agent, Some(work), verb);
    }

    /// The call that a command is for.
    fn target(
        &self,
        page: Page,
        frame: Frame,
        button: Button,
        named: Option<&ContactId>,
    ) -> Option<(&Desk, &Line)> {
        let desk = self.desks.0.get(&page)?;
        let picture = self.picture(&desk.agent)?;
        let line = match button {
            Button::Answer | Button::Refuse => ringing(picture, named),
            Button::Hold | Button::Mute | Button::Mask | Button::Record | Button::Hangup => {
                self.live(desk, frame, picture, named)
            }
        };
        line.map(|line| (desk, line))
    }

    /// The call that is named; else the panel's; else the one that the agent looks at; else the only one.
    pub(super) fn live<'a>(
        &self,
        desk: &Desk,
        frame: Frame,
        picture: &'a Picture,
        named: Option<&ContactId>,
    ) -> Option<&'a Line> {
        let is_live = |line: &&Line| !line.call.status.is_over();
        let of = |work: InteractionId| picture.lines.values().filter(is_live).find(|line| line.work == work);
        let by_name =
            named.and_then(|id| picture.lines.values().filter(is_live).find(|line| line.call.id == *id));
        let panel = desk.frames.get(&frame).and_then(|seat| seat.about.interaction);
        let mut all = picture.lines.values().filter(is_live);
        let only = all.next().filter(|_| all.next().is_none());
        by_name.or_else(|| panel.and_then(of)).or_else(|| desk.focus.and_then(of)).or(only)
    }
}

/// The call that rings; of several the one that is named, or else the oldest.
fn ringing<'a>(picture: &'a Picture, named: Option<&ContactId>) -> Option<&'a Line> {
    let rings = || picture.lines.values().filter(|line| line.call.status == Status::Incoming);
    rings().find(|line| named == Some(&line.call.id)).or_else(|| rings().next())
}

/// What a button does as things stand; `None`: it cannot be pressed (max.md §2.5, the table).
fn verb(button: Button, line: &Line) -> Option<Verb> {
    let CallContact { status, is_recorded, .. } = line.call;
    match status {
        Status::Incoming => match button {
            Button::Answer => Some(Verb::Answer),
            Button::Refuse => Some(Verb::Reject),
            Button::Hold | Button::Mute | Button::Mask | Button::Record | Button::Hangup => None,
        },
        Status::Active | Status::Joined => match button {
            Button::Hold => (status == Status::Active).then_some(Verb::Hold { leg: None }),
            Button::Mute => Some(Verb::Mute { on: !line.is_muted }),
            Button::Mask => Some(Verb::Mask { on: true }),
            Button::Record => (!is_recorded).then_some(Verb::Record),
            Button::Hangup => Some(Verb::HangUp { leg: None }),
            Button::Answer | Button::Refuse => None,
        },
        Status::Holding => match button {
            Button::Hold => Some(Verb::Resume { leg: None }),
            Button::Mute => Some(Verb::Mute { on: !line.is_muted }),
            Button::Answer | Button::Refuse | Button::Mask | Button::Record | Button::Hangup => None,
        },
        Status::Masking => match button {
            Button::Mask => Some(Verb::Mask { on: false }),
            Button::Mute => Some(Verb::Mute { on: !line.is_muted }),
            Button::Answer | Button::Refuse | Button::Hold | Button::Record | Button::Hangup => None,
        },
        Status::Dialing
        | Status::Ringing
        | Status::Preview
        | Status::NaturalCallRinging
        | Status::NaturalCallAmd
        | Status::NaturalCallDialing => (button == Button::Hangup).then_some(Verb::HangUp { leg: None }),
        Status::CallBackDisconnected | Status::Disconnected => None,
    }
}
