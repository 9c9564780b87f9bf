//! Notifications of Talisma: SOAP with WS-Security, each answered when it is durable.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use anyhow::{Result, ensure};
use hdrhistogram::Histogram;
use talisma::wire::{Contract, Details, Notification, PayLoad, Property};
use wire::soap::{Head, Token, Validity, Version, write};

use super::{
    Figure, Load,
    child::Child,
    figure::{Reach, histogram, latencies},
    http::Connection,
    plan,
};

/// Callers at once, each with a connection of its own.
const CALLERS: [usize; 3] = [1, 16, 64];
/// What is to be reached with the most callers.
const PER_SECOND_MIN: f64 = 20_000.0;
/// And how long one may take then. Milliseconds.
const P99_MS_MAX: f64 = 10.0;
/// Agents: each may have fifty phone sessions that wait, and every notification opens one.
const AGENTS: usize = 20_000;
/// Before it is measured.
const WARM_UP: Duration = Duration::from_secs(1);
/// What a success has in its answer.
const DONE: &[u8] = b"StatusCode>0<";

pub(super) async fn measure(load: Load) -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    for callers in CALLERS {
        let (per_second, taken) = run(callers, load).await?;
        let most = CALLERS.last() == Some(&callers);
        let name = format!("notifications answered, {callers} callers");
        let method = "SOAP 1.1 with a user name and a time stamp; each opens a phone session and is answered when that is synced";
        let figure = Figure::new(&name, per_second, "notifications/s", method);
        figures.push(if most { figure.reaching(Reach::AtLeast(PER_SECOND_MIN)) } else { figure });
        figures.extend(latencies(&name, &taken, most.then_some(P99_MS_MAX), method));
    }
    Ok(figures)
}

async fn run(callers: usize, load: Load) -> Result<(f64, Histogram<u64>)> {
    let child = Child::start(AGENTS).await?;
    let measuring = Arc::new(AtomicBool::new(false));
    let stopping = Arc::new(AtomicBool::new(false));
    let next = Arc::new(AtomicUsize::new(0));
    let mut running = Vec::new();
    for _ in 0..callers {
        let caller = Caller {
            connection: Connection::open(child.http).await?,
            measuring: Arc::clone(&measuring),
            stopping: Arc::clone(&stopping),
            next: Arc::clone(&next),
        };
        running.push(tokio::spawn(caller.post()));
    }
    tokio::time::sleep(WARM_UP).await;
    let begun = Instant::now();
    measuring.store(true, Ordering::Relaxed);
    tokio::time::sleep(Duration::from_secs(load.seconds)).await;
    stopping.store(true, Ordering::Relaxed);
    let seconds = begun.elapsed().as_secs_f64();
    let mut all = histogram();
    for caller in running {
        all.add(caller.await??)?;
    }
    Ok((all.len() as f64 / seconds, all))
}

struct Caller {
    connection: Connection,
    measuring: Arc<AtomicBool>,
    stopping: Arc<AtomicBool>,
    /// Counts notifications over all callers: each is for the next agent.
    next: Arc<AtomicUsize>,
}

impl Caller {
    async fn post(mut self) -> Result<Histogram<u64>> {
        let mut taken = histogram();
        while !self.stopping.load(Ordering::Relaxed) {
            let request = request(self.next.fetch_add(1, Ordering::Relaxed))?;
            let begun = Instant::now();
            let body = self.connection.ask(&request).await?;
            let done = body.windows(DONE.len()).any(|part| part == DONE);
            ensure!(done, "a notification was refused: {}", String::from_utf8_lossy(body));
            if self.measuring.load(Ordering::Relaxed) {
                taken.record(u64::try_from(begun.elapsed().as_micros())?)?;
            }
        }
        Ok(taken)
    }
}

fn request(index: usize) -> Result<Vec<u8>> {
    let property = |id, value: String| Property { id, value };
    let properties =
        vec![property(2_000_104, format!("+1415{index:07}")), property(2_000_105, plan::QUEUE.to_owned())];
    let details = Details {
        object_type: 20_005,
        object_id: 10,
        pay_load: vec![PayLoad { object_type: 26, properties }],
        ..Details::default()
    };
    let user_id = i32::try_from(plan::user(index % AGENTS))?;
    let notification = Notification { user_id, media_type: 1, details: Some(details) };
    let token = Token { username: plan::INTEGRATION.to_owned(), password: plan::PASSWORD.to_owned() };
    let now = u64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis())?;
    let head =
        Head { token: Some(&token), validity: Some(Validity::from(now)), ..Head::new(Version::Soap11) };
    let contract = Contract::default();
    let body = write(&head, |xml| notification.write(xml, &contract));
    let head = format!(
        "POST /TalismaWebNotificationServer/PostNotification.svc HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/xml; charset=utf-8\r\n\
         SOAPAction: \"{}\"\r\nContent-Length: {}\r\n\r\n",
        contract.action(),
        body.len()
    );
    Ok((head + &body).into_bytes())
}
