//! Measures callouts of EBS, over real sockets, to a node in another process.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};
use hdrhistogram::Histogram;

use super::{
    Figure, Load,
    child::Child,
    figure::{Reach, histogram, latencies},
    http::Connection,
    plan,
};

/// The number of connections. Each is a separate EBS client.
const CLIENTS: usize = 64;
/// The target. Callouts per second.
const CALLOUTS_PER_SECOND_MIN: f64 = 30_000.0;
/// How long to run before measuring.
const WARM_UP: Duration = Duration::from_secs(1);

pub(super) async fn measure(load: Load) -> Result<Vec<Figure>> {
    let child = Child::start(CLIENTS).await?;
    let status = run(&child, load, |_| vec![callout("CheckStatus", "")]).await?;
    let ready = run(&child, load, |index| {
        let who = format!("&telesetNumber={}&agentID={}", plan::agent(index), plan::acd_id(index));
        vec![callout("Ready", &who), callout("NotReady", &who)]
    })
    .await?;
    let method = format!("{CLIENTS} connections kept open, one callout at a time on each");
    let durable = format!("{method}; each answered when its event was synced");
    let mut figures = vec![
        Figure::new("callouts answered (CheckStatus)", status.0, "callouts/s", method.clone())
            .reaching(Reach::AtLeast(CALLOUTS_PER_SECOND_MIN)),
    ];
    figures.extend(latencies("callout answered (CheckStatus)", &status.1, None, &method));
    figures.push(
        Figure::new("callouts answered (Ready, NotReady)", ready.0, "callouts/s", durable.clone())
            .reaching(Reach::AtLeast(CALLOUTS_PER_SECOND_MIN)),
    );
    figures.extend(latencies("callout answered (Ready, NotReady)", &ready.1, None, &durable));
    Ok(figures)
}

fn callout(function: &str, parameters: &str) -> Vec<u8> {
    format!("GET /?FunctionName={function}{parameters} HTTP/1.1\r\nHost: localhost\r\n\r\n").into_bytes()
}

/// Repeats callouts on every connection. Returns the callouts per second and their latencies.
async fn run(
    child: &Child,
    load: Load,
    circle: impl Fn(usize) -> Vec<Vec<u8>>,
) -> Result<(f64, Histogram<u64>)> {
    let measuring = Arc::new(AtomicBool::new(false));
    let stopping = Arc::new(AtomicBool::new(false));
    let mut clients = Vec::new();
    for index in 0..CLIENTS {
        let mut connection = Connection::open(child.uwq).await?;
        sign_in(&mut connection, index).await?;
        let (measuring, stopping) = (Arc::clone(&measuring), Arc::clone(&stopping));
        clients.push(tokio::spawn(exchange(connection, circle(index), measuring, stopping)));
    }
    tokio::time::sleep(WARM_UP).await;
    let begun = Instant::now();
    measuring.store(true, Ordering::Relaxed);
    tokio::time::sleep(Duration::from_secs(load.seconds)).await;
    stopping.store(true, Ordering::Relaxed);
    let seconds = begun.elapsed().as_secs_f64();
    let mut all = histogram();
    for client in clients {
        all.add(client.await??)?;
    }
    Ok((all.len() as f64 / seconds, all))
}

async fn exchange(
    mut connection: Connection,
    circle: Vec<Vec<u8>>,
    measuring: Arc<AtomicBool>,
    stopping: Arc<AtomicBool>,
) -> Result<Histogram<u64>> {
    let mut taken = histogram();
    for request in circle.iter().cycle() {
        if stopping.load(Ordering::Relaxed) {
            break;
        }
        let begun = Instant::now();
        let body = connection.exchange(request).await?;
        ensure!(body.is_empty(), "a callout was refused: {}", String::from_utf8_lossy(body));
        if measuring.load(Ordering::Relaxed) {
            taken.record(u64::try_from(begun.elapsed().as_micros())?)?;
        }
    }
    Ok(taken)
}

async fn sign_in(connection: &mut Connection, index: usize) -> Result<()> {
    let who = format!("&telesetNumber={}&agentID={}", plan::agent(index), plan::acd_id(index));
    let register = format!("{who}&ipAddress=127.0.0.1&port=9");
    let login = format!("{who}&agentPassword={}&agentQueue={}", plan::PASSWORD, plan::QUEUE);
    for request in [callout("Register", &register), callout("Login", &login)] {
        let body = connection.exchange(&request).await?;
        ensure!(body.is_empty(), "an agent cannot sign in: {}", String::from_utf8_lossy(body));
    }
    Ok(())
}
