//! Shows what is durable, in the order in which the node's own fan-out does: subscriptions at their own position, events, and then
//! what else is to be done.

use std::sync::Arc;

use cordboard_core::{Asked, Input as CoreInput, LookedUp};
use hub::engine::{Effect, Released, Resync, Start, StartFrom, StartWith};
use model::{Event, Record, Seq};
use session::{FromHub, Input};
use store::Reader as _;

use super::{
    Asker, Delivery, Happening, Node, ReaderId, Virtual,
    reader::{Put, Reader},
};

impl Node {
    /// Shows the oldest batch that was written and not shown.
    pub(super) fn show(&mut self) {
        let Some(Released { entries, effects, .. }) = self.released.pop_front() else { return };
        let mut later = Vec::new();
        for effect in effects {
            match effect {
                Effect::Subscribe { who, start } => self.begin(who, start),
                Effect::Answer { .. } | Effect::Request(_) | Effect::Look { .. } => later.push(effect),
            }
        }
        for entry in &entries {
            self.publish(entry.record());
        }
        self.pass_on();
        later.into_iter().for_each(|effect| self.carry_out(effect));
    }

    fn begin(&mut self, who: ReaderId, start: Start) {
        let Some(mut reader) = self.readers[who.0].take() else { return };
        match start.with {
            StartWith::Snapshot { picture, resync } => reader.begin(start.seq, picture, resync.is_some()),
            StartWith::Journal { after } => match self.missed(after, start.seq) {
                Some(missed) => reader.resume(after, start.seq, &missed),
                None => self.begin_again(who, &reader),
            },
        }
        self.readers[who.0] = Some(reader);
    }

    /// The events after `after`, up to and including `until`; `None` when some are no longer there.
    fn missed(&self, after: Seq, until: Seq) -> Option<Vec<Arc<Record>>> {
        let count = usize::try_from(until.0 - after.0).ok()?;
        let entries = self.store.read(after, count).ok()?;
        let whole = entries.len() == count && entries.first().is_none_or(|first| first.seq() == after.next());
        whole.then(|| entries.iter().map(|entry| Arc::clone(entry.record())).collect())
    }

    fn begin_again(&mut self, who: ReaderId, reader: &Reader) {
        self.engine.subscribe(self.now, &reader.viewer, StartFrom::Resync(Resync::TooSlow), who);
        self.decided();
    }

    fn publish(&mut self, record: &Arc<Record>) {
        self.shown = record.seq;
        self.ask_directory(&record.event);
        for who in 0..self.readers.len() {
            let Some(mut reader) = self.readers[who].take() else { continue };
            if reader.put(record) == Put::Overflow {
                self.begin_again(ReaderId(who), &reader);
            }
            self.readers[who] = Some(reader);
        }
    }

    /// Sends to sessions what waits for them.
    fn pass_on(&mut self) {
        for who in 0..self.readers.len() {
            let Some((line, deliveries)) =
                self.readers[who].as_mut().and_then(|reader| Some((reader.line?, reader.take())))
            else {
                continue;
            };
            for heard in deliveries.into_iter().filter_map(heard) {
                self.feed(line, Input::Hub(heard));
            }
        }
    }

    fn carry_out(&mut self, effect: Effect<Virtual>) {
        match effect {
            Effect::Answer { to: Asker::Owner(asker), result } => {
                self.happened.push_back(Happening::Answered { asker, result });
            }
            Effect::Answer { to: Asker::Line(line, command), result } => {
                self.feed(line, Input::Hub(FromHub::Answer { command, result }));
            }
            Effect::Request(Asked { request, switch, what: asked }) => {
                let line = self.lines.iter().position(|line| line.session.switch() == Some(&switch));
                if let Some(line) = line {
                    self.feed(line, Input::Hub(FromHub::Requested { request, asked }));
                }
            }
            Effect::Look { .. } | Effect::Subscribe { .. } => {}
        }
    }

    fn ask_directory(&mut self, event: &Event) {
        if let Some((of, number)) = LookedUp::by(event) {
            let country = self.engine.core().floor().country;
            let contacts = self.store.contacts_by_number(&number, country).unwrap_or_default();
            self.submit(CoreInput::Contacts { of, contacts }, None);
        }
    }
}

/// A delivery as a session hears it. Sessions have no cursor, so nothing of theirs is resumed.
fn heard(delivery: Delivery) -> Option<FromHub> {
    match delivery {
        Delivery::Snapshot { picture, resync } => {
            Some(FromHub::Snapshot { snapshot: picture.snapshot, floor: picture.floor, resync })
        }
        Delivery::Event { record, .. } => Some(FromHub::Event(record)),
        Delivery::Resumed(_) => None,
    }
}
