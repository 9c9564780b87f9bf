//! A value that two threads share: one changes it, the other waits for changes.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

use crate::engine::{Mailbox, SharedMailbox};

/// A shared value with a notification for changes.
#[derive(Debug)]
pub(crate) struct SharedQueue<T> {
    inner: Mutex<T>,
    wake: Notify,
}

impl<T> SharedQueue<T> {
    pub(crate) fn new(inner: T) -> Arc<Self> {
        Arc::new(Self { inner: Mutex::new(inner), wake: Notify::new() })
    }

    /// Accesses the value.
    pub(crate) fn with<R>(&self, act: impl FnOnce(&mut T) -> R) -> R {
        act(&mut self.inner.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes the value and wakes the waiting thread.
    pub(crate) fn change<R>(&self, act: impl FnOnce(&mut T) -> R) -> R {
        let result = self.with(act);
        self.wake.notify_one();
        result
    }

    /// Waits until the value may have changed.
    pub(crate) async fn changed(&self) {
        self.wake.notified().await;
    }
}

impl SharedMailbox for Arc<SharedQueue<Mailbox>> {
    fn with<T>(&self, act: impl FnOnce(&mut Mailbox) -> T) -> T {
        SharedQueue::with(self, act)
    }

    fn change<T>(&self, act: impl FnOnce(&mut Mailbox) -> T) -> T {
        SharedQueue::change(self, act)
    }
}
