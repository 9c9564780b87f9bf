//! The node's metrics. Labels are verbs, codes, event types, states and queues, never a number or the ID of a call.

use std::{sync::atomic::AtomicU64, time::Duration};

use model::{AgentState, Code, Snapshot, VerbName};
use prometheus_client::{
    encoding::{EncodeLabelSet, text},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};

use crate::process::ProcessCollector;

/// The histogram buckets for the duration of a commit. Seconds.
const COMMIT_SECONDS: [f64; 10] = [0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 1.0];

/// The histogram buckets for the number of records in a commit.
const BATCH_RECORDS: [f64; 7] = [1.0, 4.0, 16.0, 64.0, 128.0, 256.0, 1024.0];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct CommandLabels {
    verb: &'static str,
    result: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct EventLabels {
    r#type: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct StateLabels {
    state: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct QueueLabels {
    queue: String,
}

/// All metrics of a node.
pub(crate) struct Metrics {
    commands: Family<CommandLabels, Counter>,
    events: Family<EventLabels, Counter>,
    batch_records: Histogram,
    commit_seconds: Histogram,
    agents: Family<StateLabels, Gauge>,
    waiting: Family<QueueLabels, Gauge>,
    /// Inputs that wait for the core.
    pub(crate) inbox: Gauge,
    /// The number of event subscribers.
    pub(crate) subscribers: Gauge,
    /// How often a subscriber was too slow and got a new snapshot.
    pub(crate) resyncs: Counter,
    /// Directory lookups that were skipped because too many were waiting.
    pub(crate) lookups_skipped: Counter,
    /// Connections that were refused because there were too many.
    pub(crate) connections_refused: Counter,
    /// Connections that could not be accepted, because the process had no file descriptor left or for another reason.
    pub(crate) accepts_failed: Counter,
    /// Violations of invariants.
    pub(crate) violations: Counter,
    /// How far the node's time is ahead of the machine's clock. Seconds.
    pub(crate) clock_ahead: Gauge,
    /// The free space of the disk with the data. Bytes.
    pub(crate) disk_free: Gauge,
    /// The size of that disk. Bytes.
    pub(crate) disk_size: Gauge,
    /// The free space below which it counts as nearly full. Bytes.
    pub(crate) disk_low: Gauge,
    registry: Registry,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut metrics = Self {
            commands: Family::default(),
            events: Family::default(),
            batch_records: Histogram::new(BATCH_RECORDS),
            commit_seconds: Histogram::new(COMMIT_SECONDS),
            agents: Family::default(),
            waiting: Family::default(),
            inbox: Gauge::default(),
            subscribers: Gauge::default(),
            resyncs: Counter::<u64, AtomicU64>::default(),
            lookups_skipped: Counter::default(),
            connections_refused: Counter::default(),
            accepts_failed: Counter::default(),
            violations: Counter::default(),
            clock_ahead: Gauge::default(),
            disk_free: Gauge::default(),
            disk_size: Gauge::default(),
            disk_low: Gauge::default(),
            registry: Registry::default(),
        };
        metrics.register();
        metrics
    }
}

impl Metrics {
    fn register(&mut self) {
        self.registry.register_collector(Box::new(ProcessCollector::default()));
        let registry = self.registry.sub_registry_with_prefix("cordboard");
        registry.register("disk_free_bytes", "Free space of the disk with the data", self.disk_free.clone());
        registry.register("disk_size_bytes", "Size of the disk with the data", self.disk_size.clone());
        registry.register(
            "disk_low_bytes",
            "Free space below which the disk counts as nearly full",
            self.disk_low.clone(),
        );
        registry.register("commands", "Commands by verb and result", self.commands.clone());
        registry.register("events", "Events by type", self.events.clone());
        registry.register("batch_records", "Records of a commit", self.batch_records.clone());
        registry.register("commit_seconds", "Time that a commit took", self.commit_seconds.clone());
        registry.register("agents", "Agents by state", self.agents.clone());
        registry.register("waiting_calls", "Calls that wait, by queue", self.waiting.clone());
        registry.register("inbox", "Inputs that wait for the core", self.inbox.clone());
        registry.register("subscribers", "Who reads events", self.subscribers.clone());
        registry.register("resyncs", "Readers that were too slow", self.resyncs.clone());
        registry.register("lookups_skipped", "Directory lookups left out", self.lookups_skipped.clone());
        registry.register(
            "connections_refused",
            "Connections refused because a limit was reached",
            self.connections_refused.clone(),
        );
        registry.register(
            "accepts_failed",
            "Attempts to accept a connection that failed, such as without a free file descriptor",
            self.accepts_failed.clone(),
        );
        registry.register("invariant_violations", "Invariants found broken", self.violations.clone());
        registry.register(
            "clock_ahead_seconds",
            "How far the node's time is ahead of the machine's clock",
            self.clock_ahead.clone(),
        );
    }

    pub(crate) fn count_command(&self, verb: Option<VerbName>, refused: Option<Code>) {
        let labels = CommandLabels {
            verb: verb.map_or("floor", VerbName::as_str),
            result: refused.map_or("accepted", Code::as_str),
        };
        self.commands.get_or_create(&labels).inc();
    }

    pub(crate) fn count_event(&self, kind: &'static str) {
        self.events.get_or_create(&EventLabels { r#type: kind }).inc();
    }

    pub(crate) fn count_commit(&self, records: usize, took: Duration) {
        self.batch_records.observe(records as f64);
        self.commit_seconds.observe(took.as_secs_f64());
    }

    /// Sets the gauges that are counted from a snapshot of the whole state.
    pub(crate) fn take_picture(&self, snapshot: &Snapshot) {
        self.agents.clear();
        for state in [AgentState::SignedOut, AgentState::Ready, AgentState::Busy, AgentState::WrapUp] {
            self.agents.get_or_create(&StateLabels { state: state.as_str() }).set(0);
        }
        for agent in &snapshot.agents {
            self.agents.get_or_create(&StateLabels { state: agent.state.as_str() }).inc();
        }
        self.waiting.clear();
        for queue in &snapshot.queues {
            let labels = QueueLabels { queue: queue.id.to_string() };
            self.waiting.get_or_create(&labels).set(queue.waiting.len() as i64);
        }
    }

    /// All metrics in the text format of Prometheus (OpenMetrics).
    pub(crate) fn text(&self) -> String {
        let mut out = String::new();
        // Writing to a string cannot fail.
        let _ = text::encode(&mut out, &self.registry);
        out
    }
}
