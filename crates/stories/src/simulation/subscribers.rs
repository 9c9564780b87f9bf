//! The actions of subscribers: they read, stall, disconnect, and connect again with or without their cursor.

use rand::RngExt;

use super::{Broken, hub::Side, world::World};

impl World {
    /// A subscriber reads, stalls, disconnects or connects.
    pub(super) fn reads(&mut self, side: Side, index: usize) -> Result<(), Broken> {
        let hub = &mut self.hubs[side];
        let Some(node) = &mut hub.node else { return Ok(()) };
        let subscriber = &mut hub.subscribers[index];
        let Some(reader) = subscriber.reader else {
            let cursor = subscriber.cursor.filter(|_| self.random.random_bool(0.8));
            let reader = node.subscribe(subscriber.viewer.clone(), cursor);
            subscriber.connected(reader, cursor);
            return Ok(());
        };
        match self.random.random_range(0..20) {
            0 => {
                node.unsubscribe(reader);
                subscriber.cut();
            }
            // It stalls.
            1..6 => {}
            _ => {
                for delivery in node.read(reader) {
                    self.count.deliveries += 1;
                    subscriber.read(&delivery, &mut hub.journal)?;
                }
            }
        }
        Ok(())
    }
}
