//! A subscription to events.

use std::sync::Arc;

use model::Principal;

use super::{handle::Handle, shared_queue::SharedQueue};
use crate::engine::{Delivery, Mailbox, Step, Subscriber, SubscriptionReader};

/// A subscription. Dropping it ends it.
pub struct Subscription {
    handle: Handle,
    reading: SubscriptionReader<Arc<SharedQueue<Mailbox>>>,
}

impl Subscription {
    pub(super) fn new(handle: Handle, who: Subscriber<Arc<SharedQueue<Mailbox>>>) -> Self {
        Self { handle, reading: SubscriptionReader::new(who) }
    }

    /// Waits for the next items, in order. `None` if the node has ended. Cancel-safe.
    pub async fn next(&mut self) -> Option<Vec<Delivery>> {
        loop {
            match self.reading.step() {
                Step::Deliver(deliveries) => return Some(deliveries),
                Step::Journal { after, limit } => {
                    let entries = self.handle.read(move |reader| reader.read(after, limit)).await;
                    let deliveries = self.reading.caught_up(entries.unwrap_or_default());
                    if !deliveries.is_empty() {
                        return Some(deliveries);
                    }
                }
                Step::Again => self.handle.subscribe_again(&self.reading).await.ok()?,
                Step::Wait => self.reading.who().mailbox.changed().await,
                Step::Ended => return None,
            }
        }
    }

    /// The principal that subscribed.
    pub fn viewer(&self) -> &Principal {
        &self.reading.who().viewer
    }
}
