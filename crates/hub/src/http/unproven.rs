//! Sockets whose client has not sent a valid token yet. Their number is limited. When there are too many, the oldest socket of the address
//! with the most is closed, so that one address cannot keep others out.

use std::{
    collections::{HashMap, VecDeque},
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use tokio::sync::oneshot;

use crate::{auth::network, throttle::Throttle};

/// How many such sockets may be open. Our choice: a client sends its token within milliseconds, and a page reconnects by itself.
const UNPROVEN_MAX: usize = 512;

/// All sockets without a token at one listener.
#[derive(Default)]
pub(super) struct Unproven {
    open: Mutex<UnprovenSockets>,
    throttle: Throttle,
}

#[derive(Default)]
struct UnprovenSockets {
    last: u64,
    /// The sockets, the oldest first.
    sockets: VecDeque<UnprovenSocket>,
}

struct UnprovenSocket {
    id: u64,
    from: IpAddr,
    /// Held while the socket may stay open.
    _stays: oneshot::Sender<()>,
}

/// The slot of one socket; free again when dropped.
pub(super) struct UnprovenSlot {
    id: u64,
    evicted: oneshot::Receiver<()>,
    unproven: Arc<Unproven>,
}

impl Unproven {
    /// Returns a slot. Closes another socket if there is none.
    pub(super) fn admit(self: &Arc<Self>, from: IpAddr) -> UnprovenSlot {
        let (stays, evicted) = oneshot::channel();
        let mut open = self.lock();
        if open.sockets.len() >= UNPROVEN_MAX
            && let Some(oldest) = open.evict()
        {
            self.warn(oldest.from);
        }
        open.last += 1;
        let id = open.last;
        open.sockets.push_back(UnprovenSocket { id, from: network(from), _stays: stays });
        UnprovenSlot { id, evicted, unproven: Arc::clone(self) }
    }

    fn warn(&self, from: IpAddr) {
        if let Some(unlogged) = self.throttle.due("sockets without a token", Instant::now()) {
            tracing::warn!(%from, unlogged, "more than {UNPROVEN_MAX} sockets without a token: the oldest of this address is closed; \
                if the address is a proxy's, name it in network.trusted_proxies");
        }
    }

    fn lock(&self) -> MutexGuard<'_, UnprovenSockets> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl UnprovenSockets {
    /// Removes the oldest socket of the address with the most.
    fn evict(&mut self) -> Option<UnprovenSocket> {
        let mut counts: HashMap<IpAddr, usize> = HashMap::new();
        self.sockets.iter().for_each(|waiting| *counts.entry(waiting.from).or_default() += 1);
        let (crowd, _) = counts.into_iter().max_by_key(|(_, count)| *count)?;
        let oldest = self.sockets.iter().position(|waiting| waiting.from == crowd)?;
        self.sockets.remove(oldest)
    }
}

impl UnprovenSlot {
    /// Returns when the socket must close.
    pub(super) async fn evicted(&mut self) {
        // Nothing is ever sent; the sender is dropped.
        (&mut self.evicted).await.ok();
    }
}

impl Drop for UnprovenSlot {
    fn drop(&mut self) {
        self.unproven.lock().sockets.retain(|waiting| waiting.id != self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_crowd_makes_room_for_others_and_places_come_back() {
        let unproven = Arc::new(Unproven::default());
        let from = |host: u8| IpAddr::from([192, 0, 2, host]);
        let mut other = unproven.admit(from(1));
        let mut crowd: Vec<UnprovenSlot> = (0..UNPROVEN_MAX).map(|_| unproven.admit(from(2))).collect();
        crowd[0].evicted().await;
        assert!(other.evicted.try_recv().is_err_and(|error| error == oneshot::error::TryRecvError::Empty));
        assert_eq!(unproven.lock().sockets.len(), UNPROVEN_MAX);
        drop((crowd, other));
        assert!(unproven.lock().sockets.is_empty());
    }
}
