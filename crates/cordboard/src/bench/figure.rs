//! A figure, what it is to reach, and how it was measured.

use hdrhistogram::Histogram;
use serde::Serialize;

/// A figure.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Figure {
    /// What was measured.
    pub(crate) name: String,
    /// How much.
    pub(crate) value: f64,
    /// Of what.
    pub(crate) unit: &'static str,
    /// What it is to reach.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reach: Option<Reach>,
    /// How it was measured.
    pub(crate) method: String,
}

/// What a figure is to reach.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Reach {
    /// So much or more.
    AtLeast(f64),
    /// So much or less.
    AtMost(f64),
}

impl Figure {
    pub(crate) fn new(
        name: impl Into<String>,
        value: f64,
        unit: &'static str,
        method: impl Into<String>,
    ) -> Self {
        Self { name: name.into(), value, unit, reach: None, method: method.into() }
    }

    pub(crate) fn reaching(self, reach: Reach) -> Self {
        Self { reach: Some(reach), ..self }
    }

    /// The figure as people read it.
    pub(crate) fn shown(&self) -> String {
        format!("{} {}", plain(self.value), self.unit)
    }

    /// What it is to reach, and whether it does.
    pub(crate) fn verdict(&self) -> String {
        match self.reach {
            None => String::new(),
            Some(Reach::AtLeast(wanted)) => told("≥", wanted, self.value >= wanted),
            Some(Reach::AtMost(wanted)) => told("≤", wanted, self.value <= wanted),
        }
    }
}

fn told(sign: &str, wanted: f64, reached: bool) -> String {
    format!("{sign} {} {}", plain(wanted), if reached { "reached" } else { "missed" })
}

fn plain(value: f64) -> String {
    if value >= 100.0 { format!("{value:.0}") } else { format!("{value:.2}") }
}

/// Two figures of a latency, from a histogram of microseconds.
pub(crate) fn latencies(
    name: &str,
    taken: &Histogram<u64>,
    p99_ms_max: Option<f64>,
    method: &str,
) -> Vec<Figure> {
    let at = |quantile: f64| taken.value_at_quantile(quantile) as f64 / 1_000.0;
    let p99 = Figure::new(format!("{name}, p99"), at(0.99), "ms", method);
    let p99 = match p99_ms_max {
        Some(most) => p99.reaching(Reach::AtMost(most)),
        None => p99,
    };
    vec![Figure::new(format!("{name}, p50"), at(0.5), "ms", method), p99]
}

/// A histogram of microseconds up to a minute; what is longer counts as a minute.
pub(crate) fn histogram() -> Histogram<u64> {
    let mut histogram = Histogram::new(3).unwrap_or_else(|_| unreachable!("three digits are allowed"));
    histogram.auto(true);
    histogram
}
