//! A queue between two threads: one puts something in, the other waits for it.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

use crate::engine::{Mailbox, SharedMailbox};

/// Something that two threads share, and a call for the one that waits for a change of it.
#[derive(Debug)]
pub(crate) struct Waking<T> {
    inner: Mutex<T>,
    wake: Notify,
}

impl<T> Waking<T> {
    pub(crate) fn new(inner: T) -> Arc<Self> {
        Arc::new(Self { inner: Mutex::new(inner), wake: Notify::new() })
    }

    /// Looks into it, or changes it.
    pub(crate) fn with<R>(&self, act: impl FnOnce(&mut T) -> R) -> R {
        act(&mut self.inner.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes it, and wakes the one that waits.
    pub(crate) fn tell<R>(&self, act: impl FnOnce(&mut T) -> R) -> R {
        let told = self.with(act);
        self.wake.notify_one();
        told
    }

    /// Waits until it may have changed.
    pub(crate) async fn changed(&self) {
        self.wake.notified().await;
    }
}

impl SharedMailbox for Arc<Waking<Mailbox>> {
    fn with<T>(&self, act: impl FnOnce(&mut Mailbox) -> T) -> T {
        Waking::with(self, act)
    }

    fn tell<T>(&self, act: impl FnOnce(&mut Mailbox) -> T) -> T {
        Waking::tell(self, act)
    }
}
