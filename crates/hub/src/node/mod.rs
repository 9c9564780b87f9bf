//! A node: its threads, its start and its end.

mod audit;
mod clock;
mod command_rates;
mod core_thread;
mod desks;
mod fanout;
mod handle;
pub(crate) mod ids;
mod inbox;
mod lookup;
mod second_factor;
mod shared;
mod shared_queue;
mod subscription;
mod switches;
mod tokens;
mod writer;

use std::{
    sync::{Arc, Mutex, PoisonError},
    thread::JoinHandle,
    time::Duration,
};

use cordboard_core::{Core, Input};
use model::Seq;
use store::{Reader, Writer};
use tokio::sync::mpsc;

pub use audit::SignIn;
pub use clock::Clock;
pub use desks::AgentDesk;
pub use handle::{Cursor, FloorChange, Handle};
pub use second_factor::Proof;
pub(crate) use shared::Shared;
pub use shared::{DiskSpace, Life};
pub use subscription::Subscription;
pub(crate) use switches::Requests;
pub use tokens::NewApiToken;

use crate::{
    auth::Auth,
    engine::{MailboxLimits, recover},
};
use inbox::CoreRequest;

/// How many batches may wait for the writer, and for fan-out after it. Our choice.
const BATCHES_WAITING_MAX: usize = 64;

/// Why a node cannot start or has ended.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The operating system could not create a thread.
    #[error("cannot create thread {name}: {error}")]
    Thread {
        /// The name of the thread.
        name: &'static str,
        /// The error of the operating system.
        error: String,
    },
    /// A thread ended because of a defect in Cordboard.
    #[error("thread {0} panicked")]
    Panicked(String),
    /// A certificate or a key cannot be used.
    #[error("cannot set up tls: {error}")]
    Tls {
        /// The error of the TLS library.
        error: String,
    },
    /// An address cannot be bound.
    #[error("cannot listen at {address}: {error}")]
    Listen {
        /// The address.
        address: std::net::SocketAddr,
        /// The error of the operating system.
        error: String,
    },
    /// The threads did not end in time.
    #[error("the node did not end within {0:?}")]
    Stuck(Duration),
}

/// The settings of a node.
#[derive(Debug, Clone)]
pub struct NodeConfig {
    /// How many inputs may wait for the core. Further callers wait until there is room.
    pub inbox_max: usize,
    /// The limits for one subscriber.
    pub mailbox: MailboxLimits,
    /// A checkpoint is written after this many records.
    pub checkpoint_every: u64,
    /// How many records stay in the journal for subscribers that reconnect.
    pub journal_kept: u64,
    /// How many missed events a subscriber may read from the journal. With more, it gets a snapshot.
    pub catch_up_max: u64,
    /// How many commands a second one account may send for long. Integrations act for all agents and have no limit.
    pub commands_per_s: u32,
    /// Whether accounts with the role admin need a second factor.
    pub second_factor_required: bool,
    /// How long entries of the audit trail are kept.
    pub audit_kept: Duration,
    /// How many entries of the audit trail are kept.
    pub audit_entries_max: u64,
    /// How long sessions may take to finish when the node stops.
    pub grace: Duration,
    /// How long threads may take to end when the node stops.
    pub stop_within: Duration,
}

impl Default for NodeConfig {
    fn default() -> Self {
        Self {
            inbox_max: 4_096,
            mailbox: MailboxLimits::default(),
            checkpoint_every: 50_000,
            journal_kept: 1_000_000,
            catch_up_max: 100_000,
            commands_per_s: 20,
            second_factor_required: false,
            audit_kept: Duration::from_secs(400 * 24 * 60 * 60),
            audit_entries_max: 10_000_000,
            grace: Duration::from_secs(2),
            stop_within: Duration::from_secs(10),
        }
    }
}

/// The storage of a node.
pub struct Store {
    /// The writer, used by one thread only.
    pub writer: Box<dyn Writer>,
    /// The reader, used by all threads.
    pub reader: Arc<dyn Reader>,
}

/// A running node. Start and stop it within a tokio runtime.
pub struct Node {
    handle: Handle,
    threads: Mutex<Vec<JoinHandle<()>>>,
    sessions: Mutex<Vec<tokio::task::JoinHandle<()>>>,
}

impl Node {
    /// Recovers the state from the store and starts.
    pub fn start(config: NodeConfig, store: Store) -> Result<Self, Error> {
        let Store { writer, reader } = store;
        let (core, at) = recover(&*reader)?;
        let floor = reader.floor()?.filter(|kept| core.floor().requested() != *kept);
        let journal = reader.journal()?;
        if core.seq() == Seq(0) {
            tracing::info!(%journal, "new journal {journal} created");
        } else {
            tracing::info!(%journal, seq = core.seq().0, "state recovered from the journal");
        }
        let clock = Clock::starting_at(at);
        let auth = Auth::new(reader.accounts()?, &reader.tokens()?, clock.now());
        auth.load_second_factors(reader.second_factors()?, config.second_factor_required);
        for token in reader.api_tokens()? {
            let name = token.name.clone();
            if let Err(refused) = auth.add_api_token(token, clock.now()) {
                tracing::warn!(%name, text = %refused.text, "stored API token not restored");
            }
        }
        let shared = Arc::new(Shared::new(config, clock, reader, journal, core.seq()));
        let node = Self::run(core, writer, shared, Arc::new(auth))?;
        if let Some(floor) = floor {
            // The inbox is empty and its receiver was just started.
            let input = Input::Floor(Arc::new(floor));
            drop(node.handle.core.try_send(CoreRequest::Input { input, requester: None }));
        }
        Ok(node)
    }

    /// A handle of the node.
    pub fn handle(&self) -> Handle {
        self.handle.clone()
    }

    /// Waits until the node fails. Never returns otherwise.
    pub async fn failed(&self) -> Error {
        let mut life = self.handle.shared.life.subscribe();
        // The handle holds the sender, so the channel is never closed.
        drop(life.wait_for(|life| *life == Life::Failed).await);
        self.handle.shared.failure().unwrap_or(Error::Panicked("unknown".into()))
    }

    /// Announces at `/readyz` that the node stops soon. It continues to work.
    pub fn drain(&self) {
        self.handle.shared.drain();
    }

    /// Stops the node: refuses new work, lets sessions finish, writes and answers everything decided, and writes a checkpoint.
    pub async fn stop(self) -> Result<(), Error> {
        let Self { handle, threads, sessions } = self;
        let shared = Arc::clone(&handle.shared);
        shared.close();
        finish(sessions.into_inner().unwrap_or_else(PoisonError::into_inner), shared.config.grace).await;
        // The core may have ended with an error.
        drop(handle.core.send(CoreRequest::Stop).await);
        drop(handle);
        let threads = threads.into_inner().unwrap_or_else(PoisonError::into_inner);
        let ended = tokio::task::spawn_blocking(move || join(threads));
        match tokio::time::timeout(shared.config.stop_within, ended).await {
            Ok(Ok(ended)) => ended?,
            Ok(Err(error)) => return Err(Error::Panicked(error.to_string())),
            Err(_) => return Err(Error::Stuck(shared.config.stop_within)),
        }
        shared.failure().map_or(Ok(()), Err)
    }

    /// Keeps a task that `stop` waits for.
    pub(crate) fn keep(&self, task: tokio::task::JoinHandle<()>) {
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.retain(|task| !task.is_finished());
        sessions.push(task);
    }

    fn run(core: Core, writer: Box<dyn Writer>, shared: Arc<Shared>, auth: Arc<Auth>) -> Result<Self, Error> {
        let (inbox, requests) = mpsc::channel(shared.config.inbox_max);
        let (jobs, jobs_in) = mpsc::channel(BATCHES_WAITING_MAX);
        let (released, released_in) = mpsc::channel(BATCHES_WAITING_MAX);
        let (lookups, questions_in) = mpsc::channel(lookup::QUESTIONS_MAX);
        let handle =
            Handle { shared: Arc::clone(&shared), core: inbox.clone(), jobs: jobs.downgrade(), auth };
        let auth_of = Arc::clone(&handle.auth);
        let (back, weak_inbox) = (jobs.downgrade(), inbox.downgrade());
        let country = core.floor().country;
        let runtime = core_runtime()?;
        let of = |_: &str| Arc::clone(&shared);
        let (core_of, writer_of, fanout_of, lookup_of) =
            (of("core"), of("writer"), of("fanout"), of("lookup"));
        let threads = vec![
            spawn("hub-core", &shared, move || {
                runtime.block_on(core_thread::run(core, requests, jobs, core_of))
            })?,
            spawn("hub-writer", &shared, move || writer::run(jobs_in, back, released, writer, writer_of))?,
            spawn("hub-fanout", &shared, move || {
                fanout::run(released_in, fanout_of, lookups, auth_of, country)
            })?,
            spawn("hub-lookup", &shared, move || lookup::run(questions_in, weak_inbox, lookup_of))?,
        ];
        Ok(Self { handle, threads: Mutex::new(threads), sessions: Mutex::default() })
    }
}

/// The runtime of the core's thread, which only needs timeouts.
fn core_runtime() -> Result<tokio::runtime::Runtime, Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    runtime.map_err(|error| Error::Thread { name: "hub-core", error: error.to_string() })
}

/// Starts a thread whose panic ends the node.
fn spawn(
    name: &'static str,
    shared: &Arc<Shared>,
    work: impl FnOnce() + Send + 'static,
) -> Result<JoinHandle<()>, Error> {
    let guard = FailOnPanic { name, shared: Arc::clone(shared) };
    let started = std::thread::Builder::new().name(name.into()).spawn(move || {
        let _guard = guard;
        work();
    });
    started.map_err(|error| Error::Thread { name, error: error.to_string() })
}

struct FailOnPanic {
    name: &'static str,
    shared: Arc<Shared>,
}

impl Drop for FailOnPanic {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.shared.fail(Error::Panicked(self.name.into()));
        }
    }
}

fn join(threads: Vec<JoinHandle<()>>) -> Result<(), Error> {
    for thread in threads {
        let name = thread.thread().name().unwrap_or("(unnamed)").to_owned();
        thread.join().map_err(|_| Error::Panicked(name))?;
    }
    Ok(())
}

/// Waits for the sessions. Those that do not end in time are aborted.
async fn finish(sessions: Vec<tokio::task::JoinHandle<()>>, grace: Duration) {
    let until = tokio::time::Instant::now() + grace;
    for mut session in sessions {
        if tokio::time::timeout_at(until, &mut session).await.is_err() {
            session.abort();
        }
    }
}
