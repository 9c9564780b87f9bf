//! Notifications for a service manager such as systemd: the node is ready, answers, stops.
//!
//! The service manager names its socket in `NOTIFY_SOCKET` and the time of its watchdog in `WATCHDOG_USEC`. Without them nothing is sent.

use std::{convert::Infallible, future, time::Duration};

use anyhow::Result;
use sd_notify::NotifyState;
use tokio::time::{MissedTickBehavior, interval, timeout};

use super::Places;

/// The node starts: its API answers that it is not ready.
pub(super) fn starting() {
    send(&[NotifyState::Status("starting")]);
}

/// The node stops because of a signal or an error.
pub(super) fn stopping(ended: &Result<&str>) {
    let status = match ended {
        Ok(signal) => format!("stopping: {signal}"),
        Err(error) => format!("stopping: {error:#}"),
    };
    send(&[NotifyState::Stopping, NotifyState::Status(&status)]);
}

/// The node answers requests. Notifies the watchdog twice in its time, as long as `answers` returns true in time. Never returns.
pub(super) async fn run(places: &Places, answers: impl AsyncFn() -> bool) -> Infallible {
    let status = format!("ready; API at {}, listeners of ends: {}", places.http, places.ends.len());
    send(&[NotifyState::Ready, NotifyState::Status(&status)]);
    match sd_notify::watchdog_enabled() {
        Some(within) if !within.is_zero() => {
            watch_every(within / 2, answers, || send(&[NotifyState::Watchdog])).await
        }
        Some(_) | None => future::pending().await,
    }
}

async fn watch_every(period: Duration, answers: impl AsyncFn() -> bool, beat: impl Fn()) -> Infallible {
    let mut times = interval(period);
    times.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        times.tick().await;
        match timeout(period, answers()).await {
            Ok(true) => beat(),
            Ok(false) | Err(_) => {
                tracing::error!(?period, "the node does not answer; the service manager is not notified");
            }
        }
    }
}

fn send(states: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        tracing::warn!(%error, "the service manager cannot be notified");
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    const PERIOD: Duration = Duration::from_millis(5);

    /// How many notifications the watchdog gets within 20 periods.
    fn beats(answers: impl AsyncFn() -> bool) -> u32 {
        let beats = Cell::new(0);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let watched = watch_every(PERIOD, answers, || beats.set(beats.get() + 1));
            assert!(timeout(PERIOD * 20, watched).await.is_err());
        });
        beats.get()
    }

    #[test]
    fn the_watchdog_is_notified_while_the_node_answers() {
        assert!(beats(async || true) > 1);
    }

    #[test]
    fn the_watchdog_is_not_notified_when_the_node_refuses_or_does_not_answer() {
        assert_eq!(beats(async || false), 0);
        assert_eq!(beats(async || future::pending().await), 0);
    }

    #[test]
    fn the_watchdog_is_not_notified_after_the_last_answer() {
        let checks = Cell::new(0);
        let answers = async || {
            checks.set(checks.get() + 1);
            if checks.get() > 1 { future::pending().await } else { true }
        };
        assert_eq!(beats(answers), 1);
    }
}
