//! A measured figure, with its target and its method.

use hdrhistogram::Histogram;
use serde::Serialize;

/// A measured figure.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Figure {
    /// What was measured.
    pub(crate) name: String,
    /// The value.
    pub(crate) value: f64,
    /// The unit of the value.
    pub(crate) unit: &'static str,
    /// The target.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reach: Option<Reach>,
    /// How it was measured.
    pub(crate) method: String,
}

/// The target of a figure.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Reach {
    /// This value or more.
    AtLeast(f64),
    /// This value or less.
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

    /// The value and its unit as text.
    pub(crate) fn shown(&self) -> String {
        format!("{} {}", plain(self.value), self.unit)
    }

    /// The target, and whether the value reaches it.
    pub(crate) fn verdict(&self) -> String {
        match self.reach {
            None => String::new(),
            Some(Reach::AtLeast(wanted)) => judged("≥", wanted, self.value >= wanted),
            Some(Reach::AtMost(wanted)) => judged("≤", wanted, self.value <= wanted),
        }
    }
}

fn judged(sign: &str, wanted: f64, reached: bool) -> String {
    format!("{sign} {} {}", plain(wanted), if reached { "reached" } else { "missed" })
}

fn plain(value: f64) -> String {
    if value >= 100.0 { format!("{value:.0}") } else { format!("{value:.2}") }
}

/// The median and the 99th percentile of a latency, from a histogram in microseconds.
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

/// A histogram in microseconds. Values over a minute count as a minute.
pub(crate) fn histogram() -> Histogram<u64> {
    let mut histogram = Histogram::new(3).unwrap_or_else(|_| unreachable!("three digits are allowed"));
    histogram.auto(true);
    histogram
}
