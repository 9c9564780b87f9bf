//! The order of password checks. Client addresses take turns, so an address with a thousand waiting checks delays another address by no
//! more than one check.

use std::{
    collections::{HashMap, VecDeque},
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use model::{Code, Rejection};
use tokio::{sync::oneshot, time::timeout};

/// How many checks may wait. Our choice: all agents of a floor sign in at the same time.
const WAITING_MAX: usize = 4_096;

/// How long a check may wait. Our choice: less than most HTTP clients do.
const WAIT_MAX: Duration = Duration::from_secs(20);

/// The queue of password checks, shared by all callers.
#[derive(Debug, Clone)]
pub(super) struct CheckQueue(Arc<Mutex<Queue>>);

#[derive(Debug)]
struct Queue {
    free: usize,
    waiting: usize,
    /// The waiting checks by client address.
    sources: HashMap<IpAddr, VecDeque<oneshot::Sender<CheckPermit>>>,
    /// The addresses with waiting checks, the next one first.
    order: VecDeque<IpAddr>,
}

/// The permission to check one password. When dropped, it passes to the next in the queue.
#[derive(Debug)]
pub(super) struct CheckPermit(Option<CheckQueue>);

impl CheckQueue {
    /// Allows `free` checks to run at the same time.
    pub(super) fn new(free: usize) -> Self {
        let queue = Queue { free, waiting: 0, sources: HashMap::new(), order: VecDeque::new() };
        Self(Arc::new(Mutex::new(queue)))
    }

    /// Waits for permission to check. If too many wait, the newest check of the address with the most is refused.
    pub(super) async fn wait(&self, source: IpAddr) -> Result<CheckPermit, Rejection> {
        let turn = self.enter(source)?;
        match timeout(WAIT_MAX, turn).await {
            Ok(Ok(turn)) => Ok(turn),
            Ok(Err(_)) | Err(_) => Err(overloaded()),
        }
    }

    fn enter(&self, source: IpAddr) -> Result<oneshot::Receiver<CheckPermit>, Rejection> {
        let (gives, turn) = oneshot::channel();
        let mut queue = self.lock();
        if queue.free > 0 {
            queue.free -= 1;
            // The receiver is `turn`, so the send cannot fail.
            drop(gives.send(CheckPermit(Some(self.clone()))));
            return Ok(turn);
        }
        if queue.waiting >= WAITING_MAX {
            queue.make_room(source)?;
        }
        queue.push(source, gives);
        Ok(turn)
    }

    /// Passes a permission that is no longer used to the next waiting check.
    fn pass_on(&self) {
        let mut queue = self.lock();
        while let Some(gives) = queue.pop() {
            match gives.send(CheckPermit(Some(self.clone()))) {
                Ok(()) => return,
                // That check was given up. Disarm the permission: dropping it would lock the queue again.
                Err(mut turn) => drop(turn.0.take()),
            }
        }
        queue.free += 1;
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Queue {
    fn push(&mut self, source: IpAddr, gives: oneshot::Sender<CheckPermit>) {
        let waiting = self.sources.entry(source).or_default();
        if waiting.is_empty() {
            self.order.push_back(source);
        }
        waiting.push_back(gives);
        self.waiting += 1;
    }

    fn pop(&mut self) -> Option<oneshot::Sender<CheckPermit>> {
        let source = self.order.pop_front()?;
        let waiting = self.sources.get_mut(&source)?;
        let gives = waiting.pop_front()?;
        self.waiting -= 1;
        if waiting.is_empty() {
            self.sources.remove(&source);
        } else {
            self.order.push_back(source);
        }
        Some(gives)
    }

    /// Removes the newest check of the address with the most. Refuses the new one if that address is its own.
    fn make_room(&mut self, newcomer: IpAddr) -> Result<(), Rejection> {
        self.forget_gone();
        if self.waiting < WAITING_MAX {
            return Ok(());
        }
        let own = self.sources.get(&newcomer).map_or(0, VecDeque::len);
        let longest = self.sources.iter_mut().max_by_key(|(_, waiting)| waiting.len());
        let Some((_, waiting)) = longest.filter(|(_, waiting)| waiting.len() > own + 1) else {
            return Err(overloaded());
        };
        waiting.pop_back();
        self.waiting -= 1;
        Ok(())
    }

    fn forget_gone(&mut self) {
        self.sources.retain(|_, waiting| {
            waiting.retain(|gives| !gives.is_closed());
            !waiting.is_empty()
        });
        self.order.retain(|source| self.sources.contains_key(source));
        self.waiting = self.sources.values().map(VecDeque::len).sum();
    }
}

impl Drop for CheckPermit {
    fn drop(&mut self) {
        if let Some(check_queue) = self.0.take() {
            check_queue.pass_on();
        }
    }
}

pub(super) fn overloaded() -> Rejection {
    Rejection::new(Code::Overloaded, "too many sign-ins at the moment; try again in a few seconds")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(host: u32) -> IpAddr {
        IpAddr::V4(host.into())
    }

    #[tokio::test]
    async fn each_source_has_its_turn() {
        let check_queue = CheckQueue::new(1);
        let first = check_queue.wait(source(1)).await.unwrap();
        let mut crowd: Vec<_> = (0..100).map(|_| check_queue.enter(source(1)).unwrap()).collect();
        let mut other = check_queue.enter(source(2)).unwrap();
        drop(first);
        let next = crowd[0].try_recv().unwrap();
        assert!(other.try_recv().is_err());
        drop(next);
        assert!(other.try_recv().is_ok());
    }

    #[tokio::test]
    async fn who_does_not_wait_any_more_is_passed_over() {
        let check_queue = CheckQueue::new(1);
        let first = check_queue.wait(source(1)).await.unwrap();
        drop(check_queue.enter(source(1)).unwrap());
        let mut second = check_queue.enter(source(1)).unwrap();
        drop(first);
        assert!(second.try_recv().is_ok());
        drop(second);
        assert!(check_queue.wait(source(2)).await.is_ok());
        assert_eq!(check_queue.lock().free, 1);
    }

    #[tokio::test]
    async fn where_too_many_wait_the_longest_line_makes_room() {
        let check_queue = CheckQueue::new(1);
        let _first = check_queue.wait(source(1)).await.unwrap();
        let mut crowd: Vec<_> = (0..WAITING_MAX).map(|_| check_queue.enter(source(1)).unwrap()).collect();
        assert_eq!(check_queue.enter(source(1)).unwrap_err().code, Code::Overloaded);
        let mut other = check_queue.enter(source(2)).unwrap();
        assert!(matches!(other.try_recv(), Err(oneshot::error::TryRecvError::Empty)));
        let last = crowd.last_mut().unwrap();
        assert!(matches!(last.try_recv(), Err(oneshot::error::TryRecvError::Closed)));
        assert_eq!(check_queue.lock().waiting, WAITING_MAX);
    }
}
