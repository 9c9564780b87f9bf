//! The handle of a running node, for all code inside the process.

use std::sync::Arc;

use cordboard_core::Input;
use model::{
    Accepted, AgentId, Code, Command, Contact, Floor, JournalId, NoticeTopic, Principal, Rejection, Seq,
    SwitchId, Timestamp,
};
use store::{Account, Actor, Credential, DirectoryChange, Reader, Writer};
use tokio::sync::{mpsc, oneshot};

use super::{
    inbox::{Address, CoreRequest, Requester, Subscriber},
    shared::{DiskSpace, Life, Shared},
    shared_queue::SharedQueue,
    subscription::Subscription,
    writer::{Change, Job},
};
use crate::{
    auth::{Auth, check_accounts},
    engine::{FloorSnapshot, Mailbox, Resync, StartFrom, SubscriptionReader, everybody},
    metrics::Metrics,
};

/// A handle of a running node. Cheap to clone.
#[derive(Clone)]
pub struct Handle {
    pub(super) shared: Arc<Shared>,
    pub(super) core: mpsc::Sender<CoreRequest>,
    pub(super) jobs: mpsc::WeakSender<Job>,
    pub(super) auth: Arc<Auth>,
}

/// The position of a subscriber: the last event that it has seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// The journal of that event. Without it the cursor cannot be used.
    pub journal: Option<JournalId>,
    /// The sequence number of that event.
    pub seq: Seq,
}

/// A new floor with its accounts and contacts.
#[derive(Debug, Clone)]
pub struct FloorChange {
    /// The floor, already checked.
    pub floor: Arc<Floor>,
    /// All accounts. `None`: the accounts stay as they are.
    pub accounts: Option<Vec<Account>>,
    /// Contacts to add or replace.
    pub contacts: Vec<Contact>,
}

impl Handle {
    /// Carries out a command. Returns when the result is durable.
    pub async fn command(&self, command: Command) -> Result<Accepted, Rejection> {
        let actor = Actor::new(&command.by, Credential::Peer, None);
        self.command_as(actor, command).await
    }

    /// Carries out a command like [`Handle::command`]. If it belongs in the audit trail, `actor` is written there first.
    pub async fn command_as(&self, actor: Actor, command: Command) -> Result<Accepted, Rejection> {
        let verb = Some(command.verb.name());
        self.check_rate(&command)?;
        self.audit_command(actor, &command).await?;
        self.decide(Input::Command(Box::new(command)), verb).await
    }

    /// Subscribes: a snapshot, or the events after `after` if the journal still has them, and then every event.
    pub async fn subscribe(&self, viewer: Principal, after: Option<Seq>) -> Result<Subscription, Rejection> {
        let (shown, missed_max) = (self.durable(), self.shared.config.catch_up_max);
        let from = match after {
            None => StartFrom::Snapshot,
            Some(after) => {
                self.read(move |journal| StartFrom::cursor(after, shown, missed_max, journal)).await?
            }
        };
        self.subscribe_from(viewer, from).await
    }

    /// Continues after a cursor if it belongs to this journal; otherwise starts with a snapshot.
    pub async fn resume(&self, viewer: Principal, cursor: Cursor) -> Result<Subscription, Rejection> {
        match cursor.journal {
            Some(journal) if journal == self.journal() => self.subscribe(viewer, Some(cursor.seq)).await,
            Some(_) => self.subscribe_from(viewer, StartFrom::Resync(Resync::AnotherJournal)).await,
            None => self.subscribe_from(viewer, StartFrom::Resync(Resync::NoJournal)).await,
        }
    }

    async fn subscribe_from(&self, viewer: Principal, from: StartFrom) -> Result<Subscription, Rejection> {
        let mailbox = SharedQueue::new(Mailbox::new(self.shared.config.mailbox));
        let who = Subscriber { mailbox, viewer };
        self.request(CoreRequest::Subscribe { who: who.clone(), from }).await?;
        Ok(Subscription::new(self.clone(), who))
    }

    /// The current state as `viewer` may see it.
    pub async fn snapshot(&self, viewer: Principal) -> Result<FloorSnapshot, Rejection> {
        let (to, current) = oneshot::channel();
        self.request(CoreRequest::Snapshot { viewer, to }).await?;
        current.await.map_err(|_| unavailable())
    }

    /// Replaces the floor, its accounts and its contacts in one step. Returns when all of it is durable. A refusal changes nothing.
    pub async fn put_floor(&self, change: FloorChange) -> Result<Accepted, Rejection> {
        self.put_floor_as(Actor::NODE, change).await
    }

    /// Replaces the floor like [`Handle::put_floor`]. The audit trail names `actor`.
    pub async fn put_floor_as(&self, actor: Actor, change: FloorChange) -> Result<Accepted, Rejection> {
        let FloorChange { floor, accounts, contacts } = change;
        let floor = Arc::new(floor.requested());
        if let Some(accounts) = &accounts {
            let checked = check_accounts(accounts, &floor);
            checked.map_err(|error| Rejection::new(Code::Invalid, error.to_string()))?;
        }
        // One change at a time, so that accounts are loaded in the order in which they are stored.
        let _turn = self.shared.floors.lock().await;
        let (to, answer) = oneshot::channel();
        let requester = Requester { verb: None, address: Address::Once(to) };
        let audit = vec![self.floor_event(actor, &floor, accounts.as_deref(), &contacts).await?];
        let change = DirectoryChange { floor, accounts: accounts.clone(), contacts, audit };
        self.request(CoreRequest::Floor { change, requester }).await?;
        let accepted = answer.await.map_err(|_| unavailable())??;
        if let Some(accounts) = accounts {
            self.auth.replace_accounts(accounts, &self.floor().await?.retiring.agents);
        }
        // A retiring agent may have finished in the meantime.
        let floor = self.floor().await?;
        self.auth.dismiss(&floor);
        Ok(accepted)
    }

    /// The floor, including removed items that are still in use.
    pub async fn floor(&self) -> Result<Arc<Floor>, Rejection> {
        Ok(self.snapshot(everybody()).await?.floor)
    }

    /// Raises a notice for an agent, if there is one to notify. The notice is not worth failing for.
    pub(super) async fn notify_agent(&self, agent: Option<AgentId>, topic: NoticeTopic) {
        let Some(agent) = agent else { return };
        drop(self.send(Input::Notice { agent, interaction: None, notice: topic.into() }).await);
    }

    /// Changes the directory. Returns when the change is durable.
    pub async fn write(
        &self,
        change: impl FnOnce(&mut dyn Writer) -> store::Result<()> + Send + 'static,
    ) -> Result<(), Rejection> {
        self.expect_ready()?;
        let (done, written) = oneshot::channel();
        let jobs = self.jobs.upgrade().ok_or_else(unavailable)?;
        let change: Change = Box::new(change);
        jobs.send(Job::Change(change, done)).await.map_err(|_| unavailable())?;
        written.await.map_err(|_| unavailable())
    }

    /// Reads from the store, on a blocking thread.
    pub async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&dyn Reader) -> store::Result<T> + Send + 'static,
    ) -> Result<T, Rejection> {
        let _turn = self.shared.reads.acquire().await.map_err(|_| unavailable())?;
        let reader = Arc::clone(&self.shared.reader);
        let read = tokio::task::spawn_blocking(move || read(&*reader)).await;
        let result =
            read.map_err(|error| Rejection::new(Code::Internal, format!("a read panicked: {error}")))?;
        result.map_err(|error| {
            tracing::warn!(%error, "the store cannot be read");
            Rejection::new(Code::Unavailable, "the store cannot be read at the moment; try again later")
        })
    }

    /// The authentication of the node.
    pub fn auth(&self) -> &Arc<Auth> {
        &self.auth
    }

    /// The ID of the node's journal.
    pub fn journal(&self) -> JournalId {
        self.shared.journal
    }

    /// The node's time.
    pub fn now(&self) -> Timestamp {
        self.shared.clock.now()
    }

    /// The last visible event.
    pub fn durable(&self) -> Seq {
        self.shared.durable()
    }

    /// Notes the space of the disk with the data, for `/readyz` and the metrics.
    pub fn set_disk(&self, space: DiskSpace) {
        let gauge = |bytes: u64| i64::try_from(bytes).unwrap_or(i64::MAX);
        let metrics = self.metrics();
        metrics.disk_free.set(gauge(space.free_bytes));
        metrics.disk_size.set(gauge(space.size_bytes));
        metrics.disk_low.set(gauge(space.low_bytes));
        self.shared.set_disk(space);
    }

    /// Whether the node is ready, stopping or failed.
    pub fn life(&self) -> Life {
        self.shared.life()
    }

    /// Waits until the node stops accepting work.
    pub async fn closing(&self) {
        self.shared.closing().await;
    }

    /// The number of inputs that wait for the core.
    pub fn waiting(&self) -> usize {
        self.core.max_capacity() - self.core.capacity()
    }

    pub(crate) fn metrics(&self) -> &Metrics {
        &self.shared.metrics
    }

    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    /// Carries out a command of a session. The answer goes into the session's queue.
    pub(crate) async fn command_of_session(
        &self,
        command: Box<Command>,
        answers: mpsc::UnboundedSender<session::FromHub>,
    ) -> Result<(), Rejection> {
        self.check_rate(&command)?;
        let address = Address::Session(answers, command.id.clone());
        let requester = Some(Requester { verb: Some(command.verb.name()), address });
        self.audit_command(Actor::new(&command.by, Credential::Peer, None), &command).await?;
        self.request(CoreRequest::Input { input: Input::Command(command), requester }).await
    }

    /// Passes an input to the core without waiting for an answer.
    pub(crate) async fn send(&self, input: Input) -> Result<(), Rejection> {
        self.core.send(CoreRequest::Input { input, requester: None }).await.map_err(|_| unavailable())
    }

    /// Lets the core send again the requests that were left out: the session of a switch has room again.
    pub(crate) async fn resend(&self, switch: SwitchId) -> Result<(), Rejection> {
        self.core.send(CoreRequest::Resend(switch)).await.map_err(|_| unavailable())
    }

    /// Requests a new start of a subscription. Cancel-safe: if dropped while waiting, nothing was requested.
    pub(super) async fn subscribe_again(
        &self,
        reading: &SubscriptionReader<Arc<SharedQueue<Mailbox>>>,
    ) -> Result<(), Rejection> {
        let place = self.core.reserve().await.map_err(|_| unavailable())?;
        place.send(CoreRequest::Subscribe { who: reading.again(), from: StartFrom::Resync(Resync::TooSlow) });
        Ok(())
    }

    /// Refuses a command of an account that sends too many.
    fn check_rate(&self, command: &Command) -> Result<(), Rejection> {
        let checked = self.shared.rates.take(&command.by, std::time::Instant::now());
        if let Err(refused) = &checked {
            self.shared.metrics.count_command(Some(command.verb.name()), Some(refused.code));
        }
        checked
    }

    async fn decide(&self, input: Input, verb: Option<model::VerbName>) -> Result<Accepted, Rejection> {
        let (to, answer) = oneshot::channel();
        let requester = Some(Requester { verb, address: Address::Once(to) });
        self.request(CoreRequest::Input { input, requester }).await?;
        answer.await.map_err(|_| unavailable())?
    }

    async fn request(&self, request: CoreRequest) -> Result<(), Rejection> {
        self.expect_ready()?;
        self.core.send(request).await.map_err(|_| unavailable())
    }

    pub(super) fn expect_ready(&self) -> Result<(), Rejection> {
        if self.life().accepts_work() { Ok(()) } else { Err(unavailable()) }
    }
}

pub(super) fn unavailable() -> Rejection {
    Rejection::new(Code::Unavailable, "the node is stopping")
}
