//! Who checks a password next: each source in its turn, so that one with a thousand waiting delays one with a single one by no more
//! than a check.

use std::{
    collections::{HashMap, VecDeque},
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use model::{Code, Rejection};
use tokio::{sync::oneshot, time::timeout};

/// How many may wait. Ours: a floor of agents that comes back at once.
const WAITING_MAX: usize = 4_096;

/// How long one waits at most. Ours: less than HTTP clients usually do.
const WAIT_MAX: Duration = Duration::from_secs(20);

/// The turns of all that wait.
#[derive(Debug, Clone)]
pub(super) struct Turns(Arc<Mutex<Queue>>);

#[derive(Debug)]
struct Queue {
    free: usize,
    waiting: usize,
    /// Those that wait, by source.
    sources: HashMap<IpAddr, VecDeque<oneshot::Sender<Turn>>>,
    /// Sources with somebody waiting, the next one first.
    order: VecDeque<IpAddr>,
}

/// The right to check one password; the next in line gets it when dropped.
#[derive(Debug)]
pub(super) struct Turn(Option<Turns>);

impl Turns {
    /// So many at once.
    pub(super) fn new(free: usize) -> Self {
        let queue = Queue { free, waiting: 0, sources: HashMap::new(), order: VecDeque::new() };
        Self(Arc::new(Mutex::new(queue)))
    }

    /// Waits for a turn. Where too many wait, the last of the source with the most is told to come again.
    pub(super) async fn wait(&self, source: IpAddr) -> Result<Turn, Rejection> {
        let turn = self.enter(source)?;
        match timeout(WAIT_MAX, turn).await {
            Ok(Ok(turn)) => Ok(turn),
            Ok(Err(_)) | Err(_) => Err(overloaded()),
        }
    }

    fn enter(&self, source: IpAddr) -> Result<oneshot::Receiver<Turn>, Rejection> {
        let (gives, turn) = oneshot::channel();
        let mut queue = self.lock();
        if queue.free > 0 {
            queue.free -= 1;
            // The other end is `turn`.
            drop(gives.send(Turn(Some(self.clone()))));
            return Ok(turn);
        }
        if queue.waiting >= WAITING_MAX {
            queue.make_room(source)?;
        }
        queue.push(source, gives);
        Ok(turn)
    }

    /// Gives a turn that is over to the next who still waits.
    fn pass_on(&self) {
        let mut queue = self.lock();
        while let Some(gives) = queue.pop() {
            match gives.send(Turn(Some(self.clone()))) {
                Ok(()) => return,
                // Gone meanwhile: disarmed, as the queue is locked.
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
    fn push(&mut self, source: IpAddr, gives: oneshot::Sender<Turn>) {
        let waiting = self.sources.entry(source).or_default();
        if waiting.is_empty() {
            self.order.push_back(source);
        }
        waiting.push_back(gives);
        self.waiting += 1;
    }

    fn pop(&mut self) -> Option<oneshot::Sender<Turn>> {
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

    /// Sends the last of the longest line away; when that is the newcomer's own, the newcomer.
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

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(turns) = self.0.take() {
            turns.pass_on();
        }
    }
}

pub(super) fn overloaded() -> Rejection {
    Rejection::new(Code::Overloaded, "too many sign in at this moment, try again in a few seconds")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(host: u32) -> IpAddr {
        IpAddr::V4(host.into())
    }

    #[tokio::test]
    async fn each_source_has_its_turn() {
        let turns = Turns::new(1);
        let first = turns.wait(source(1)).await.unwrap();
        let mut crowd: Vec<_> = (0..100).map(|_| turns.enter(source(1)).unwrap()).collect();
        let mut other = turns.enter(source(2)).unwrap();
        drop(first);
        let next = crowd[0].try_recv().unwrap();
        assert!(other.try_recv().is_err());
        drop(next);
        assert!(other.try_recv().is_ok());
    }

    #[tokio::test]
    async fn who_does_not_wait_any_more_is_passed_over() {
        let turns = Turns::new(1);
        let first = turns.wait(source(1)).await.unwrap();
        drop(turns.enter(source(1)).unwrap());
        let mut second = turns.enter(source(1)).unwrap();
        drop(first);
        assert!(second.try_recv().is_ok());
        drop(second);
        assert!(turns.wait(source(2)).await.is_ok());
        assert_eq!(turns.lock().free, 1);
    }

    #[tokio::test]
    async fn where_too_many_wait_the_longest_line_makes_room() {
        let turns = Turns::new(1);
        let _first = turns.wait(source(1)).await.unwrap();
        let mut crowd: Vec<_> = (0..WAITING_MAX).map(|_| turns.enter(source(1)).unwrap()).collect();
        assert_eq!(turns.enter(source(1)).unwrap_err().code, Code::Overloaded);
        let mut other = turns.enter(source(2)).unwrap();
        assert!(matches!(other.try_recv(), Err(oneshot::error::TryRecvError::Empty)));
        let last = crowd.last_mut().unwrap();
        assert!(matches!(last.try_recv(), Err(oneshot::error::TryRecvError::Closed)));
        assert_eq!(turns.lock().waiting, WAITING_MAX);
    }
}
