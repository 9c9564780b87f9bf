//! Measures notifications of Talisma: SOAP with WS-Security, each answered when it is durable.

use std::{
    net::SocketAddr,
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

/// The numbers of simultaneous callers. Each caller has its own connection.
const CALLERS: [usize; 3] = [1, 16, 64];
/// The target with the most callers. Notifications per second.
const PER_SECOND_MIN: f64 = 20_000.0;
/// The target for the 99th percentile with the most callers. Milliseconds.
const P99_MS_MAX: f64 = 10.0;
/// The target in comparison with the other server, which stores nothing: how many times as many notifications.
const TIMES_MIN: f64 = 1.5;
/// How many notifications of one caller for one agent follow each other: the first opens a phone session, the others join it. An agent can
/// have fifty waiting phone sessions, so there is room for a million notifications with 2,000 agents.
const OF_ONE_CALLER: usize = 10;
/// How long to run before measuring.
const WARM_UP: Duration = Duration::from_secs(1);
/// The text that marks a successful answer.
const DONE: &[u8] = b"StatusCode>0<";

const METHOD: &str = "SOAP 1.1 with a user name and a time stamp; one in ten opens a phone session; each is answered when it is durable";
const METHOD_BESIDE: &str =
    "the same requests to another server of the same operation, after those to the node";

pub(super) async fn measure(load: Load) -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    for callers in CALLERS {
        let most = CALLERS.last() == Some(&callers);
        let reaching = |figure: Figure, reach| if most { figure.reaching(reach) } else { figure };
        let child = Child::start(load.agents).await?;
        let ours = run(child.http, callers, load).await?;
        drop(child);
        let name = format!("notifications answered, {callers} callers");
        figures.push(reaching(ours.rate(&name, METHOD), Reach::AtLeast(PER_SECOND_MIN)));
        figures.extend(latencies(&name, &ours.taken, most.then_some(P99_MS_MAX), METHOD));
        let Some(beside) = load.beside else { continue };
        let theirs = run(beside, callers, load).await?;
        let name = format!("the other server, {callers} callers");
        figures.push(theirs.rate(&name, METHOD_BESIDE));
        figures.extend(latencies(&name, &theirs.taken, None, METHOD_BESIDE));
        let times = ours.per_second / theirs.per_second;
        let times = Figure::new(format!("times as many, {callers} callers"), times, "×", METHOD_BESIDE);
        figures.push(reaching(times, Reach::AtLeast(TIMES_MIN)));
    }
    Ok(figures)
}

/// The figures of one server.
struct Measured {
    per_second: f64,
    taken: Histogram<u64>,
}

impl Measured {
    fn rate(&self, name: &str, method: &str) -> Figure {
        Figure::new(name, self.per_second, "notifications/s", method)
    }
}

async fn run(server: SocketAddr, callers: usize, load: Load) -> Result<Measured> {
    let measuring = Arc::new(AtomicBool::new(false));
    let stopping = Arc::new(AtomicBool::new(false));
    let next = Arc::new(AtomicUsize::new(0));
    let mut running = Vec::new();
    for _ in 0..callers {
        let caller = Caller {
            connection: Connection::open(server).await?,
            agents: load.agents,
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
    let mut taken = histogram();
    for caller in running {
        taken.add(caller.await??)?;
    }
    Ok(Measured { per_second: taken.len() as f64 / seconds, taken })
}

struct Caller {
    connection: Connection,
    agents: usize,
    measuring: Arc<AtomicBool>,
    stopping: Arc<AtomicBool>,
    /// Counts the notifications of all callers. Each notification is for the next agent.
    next: Arc<AtomicUsize>,
}

impl Caller {
    async fn post(mut self) -> Result<Histogram<u64>> {
        let mut taken = histogram();
        while !self.stopping.load(Ordering::Relaxed) {
            let request = request(self.next.fetch_add(1, Ordering::Relaxed), self.agents)?;
            let begun = Instant::now();
            let body = self.connection.exchange(&request).await?;
            let done = body.windows(DONE.len()).any(|part| part == DONE);
            ensure!(done, "a notification was refused: {}", String::from_utf8_lossy(body));
            if self.measuring.load(Ordering::Relaxed) {
                taken.record(u64::try_from(begun.elapsed().as_micros())?)?;
            }
        }
        Ok(taken)
    }
}

fn request(index: usize, agents: usize) -> Result<Vec<u8>> {
    let property = |id, value: String| Property { id, value };
    let caller = index / agents / OF_ONE_CALLER;
    let properties =
        vec![property(2_000_104, format!("+1415{caller:07}")), property(2_000_105, plan::QUEUE.to_owned())];
    let details = Details {
        object_type: 20_005,
        object_id: 10,
        pay_load: vec![PayLoad { object_type: 26, properties }],
        ..Details::default()
    };
    let user_id = i32::try_from(plan::user(index % agents))?;
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
