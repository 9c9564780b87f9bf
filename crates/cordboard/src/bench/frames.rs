//! Measures frames of Harmony: the benchmark is the bridge, and a node in another process is its client.
//!
//! Each request is a command to the core, answered when the hub has accepted it. It changes nothing, so that this measures frames and not
//! the disk.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use bytes::BytesMut;
use harmony::{
    WireConfig,
    wire::{
        Answer, BridgeRequest, ChannelRequest, ControlRequest, Create, Envelope, GroupRequest, MessageKind,
        SessionAgent, SessionOptions, SessionRequest, Words,
    },
};
use model::Secret;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::timeout,
};
use wire::frame::{Format, Reader, encode};

use super::{Figure, Load, child::Child, figure::Reach, plan};

/// The number of connections in the second figure. Each has its own processor. The first figure has one connection.
const CONNECTIONS: usize = 64;
/// The number of requests in flight on each connection.
const WINDOW: usize = 64;
/// The target. Frames per second, both directions together.
const FRAMES_PER_SECOND_MIN: f64 = 100_000.0;
/// How long to wait for any answer.
const PATIENCE: Duration = Duration::from_secs(30);

pub(super) async fn measure(load: Load) -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    for connections in [1, CONNECTIONS] {
        let rate = run(connections, load.seconds).await?;
        let method = format!(
            "{connections} connections with {WINDOW} requests in flight each; channel.request.ready through the core"
        );
        let name = format!("frames, request and response ({connections} connections)");
        let figure = Figure::new(name, rate, "frames/s", method);
        figures.push(figure.reaching(Reach::AtLeast(FRAMES_PER_SECOND_MIN)));
    }
    Ok(figures)
}

async fn run(connections: usize, seconds: u64) -> Result<f64> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = listener.local_addr()?;
    let config: String = (0..connections).map(|index| processor(index, address)).collect();
    let _child = Child::start_with(connections, &config).await?;
    let mut bridges = Vec::new();
    for _ in 0..connections {
        let (stream, _) =
            timeout(PATIENCE, listener.accept()).await.context("the node does not connect")??;
        bridges.push(Bridge::new(stream)?.greet().await?);
    }
    let until = Instant::now() + Duration::from_secs(seconds);
    let running: Vec<_> =
        bridges.into_iter().map(|bridge| tokio::spawn(bridge.request_until(until))).collect();
    let begun = Instant::now();
    let mut responses = 0;
    for bridge in running {
        responses += bridge.await??;
    }
    Ok(2.0 * responses as f64 / begun.elapsed().as_secs_f64())
}

fn processor(index: usize, server: SocketAddr) -> String {
    format!("[[harmony.telephony]]\nprocessor = \"B{index}\"\nserver = \"{server}\"\n")
}

/// One connection.
struct Bridge {
    stream: TcpStream,
    reader: Reader,
    buffer: BytesMut,
    format: Format,
    words: Words,
    count: u64,
    /// The agent's phone.
    channel: String,
}

impl Bridge {
    fn new(stream: TcpStream) -> Result<Self> {
        stream.set_nodelay(true)?;
        let wire = WireConfig::default();
        let (format, words) = (wire.format(), wire.words()?);
        let (reader, buffer) = (Reader::new(format), BytesMut::new());
        Ok(Self { stream, reader, buffer, format, words, count: 0, channel: String::new() })
    }

    /// Creates an agent's session. The first successful response shows which processor has connected, because it knows only its own control target.
    async fn greet(mut self) -> Result<Self> {
        let mut found = None;
        for index in 0..CONNECTIONS {
            if self
                .try_one(&format!("B{index}.CONTROL"), BridgeRequest::Control(ControlRequest::Capabilities))
                .await?
            {
                found = Some(index);
                break;
            }
        }
        let index = found.context("the node has connected with another processor")?;
        let (agent, password) = (plan::acd_id(index), Secret::new(plan::PASSWORD));
        let (session, group) = (format!("B{index}.s"), format!("B{index}.s.g"));
        let channel = format!("B{index}.s.g.c");
        let create = |id: &str, native: String| Create { id: id.into(), native: native.into(), target: None };
        let agent = SessionAgent { id: agent.into(), password, extension: None };
        let begin = ControlRequest::CreateSession { agent, id: "s".into(), target: None };
        self.do_one(&format!("B{index}.CONTROL"), BridgeRequest::Control(begin)).await?;
        self.do_one(&session, BridgeRequest::Session(SessionRequest::Init(SessionOptions::default())))
            .await?;
        let native = format!("group-{}", plan::agent(index));
        self.do_one(
            &session,
            BridgeRequest::Session(SessionRequest::CreateChannelGroup(create("g", native))),
        )
        .await?;
        self.do_one(&group, BridgeRequest::Group(GroupRequest::Init)).await?;
        let kind = "TELEPHONY".into();
        let create = create("c", plan::agent(index));
        self.do_one(&group, BridgeRequest::Group(GroupRequest::CreateChannel { create, kind })).await?;
        self.do_one(&channel, BridgeRequest::Channel(ChannelRequest::Init)).await?;
        self.do_one(&channel, BridgeRequest::Channel(ChannelRequest::Activate)).await?;
        self.do_one(&channel, BridgeRequest::Channel(ChannelRequest::Ready)).await?;
        self.channel = channel;
        Ok(self)
    }

    async fn do_one(&mut self, target: &str, request: BridgeRequest) -> Result<()> {
        let name = request.name();
        ensure!(self.try_one(target, request).await?, "the node refuses {name:?}");
        Ok(())
    }

    /// Sends a request. Returns whether it succeeded.
    async fn try_one(&mut self, target: &str, request: BridgeRequest) -> Result<bool> {
        let frame = self.frame(target, &request)?;
        self.stream.write_all(&frame).await?;
        loop {
            if let Some(answer) = timeout(PATIENCE, self.next()).await.context("no response")?? {
                return Ok(answer == Answer::Success);
            }
        }
    }

    /// Keeps a window of requests in flight. Returns the number of answers.
    async fn request_until(mut self, until: Instant) -> Result<u64> {
        let (channel, request) = (self.channel.clone(), BridgeRequest::Channel(ChannelRequest::Ready));
        let mut answered = 0;
        let mut missing = WINDOW;
        while Instant::now() < until {
            let mut batch = BytesMut::new();
            for _ in 0..std::mem::take(&mut missing) {
                batch.extend_from_slice(&self.frame(&channel, &request)?);
            }
            self.stream.write_all(&batch).await?;
            self.read().await?;
            while let Some(contents) = self.reader.next()? {
                if let MessageKind::Response { answer, .. } = Envelope::parse(&contents)?.kind {
                    ensure!(answer == Answer::Success, "the node refuses: {answer:?}");
                    missing += 1;
                }
            }
            answered += missing as u64;
        }
        Ok(answered)
    }

    fn frame(&mut self, target: &str, request: &BridgeRequest) -> Result<bytes::Bytes> {
        self.count += 1;
        let id = format!("{:08x}-0000-4000-8000-000000000000", self.count);
        let name = request.name();
        let envelope = Envelope {
            target: target.into(),
            name: self.words.text(name).into(),
            kind: MessageKind::Request { id: id.into(), query: name.is_query() },
            body: request.body(&self.words),
        };
        Ok(encode(self.format, &envelope.print())?)
    }

    /// The answer in the next message; `None` for an event.
    async fn next(&mut self) -> Result<Option<Answer>> {
        loop {
            if let Some(contents) = self.reader.next()? {
                return Ok(match Envelope::parse(&contents)?.kind {
                    MessageKind::Response { answer, .. } => Some(answer),
                    MessageKind::Event | MessageKind::Request { .. } => None,
                });
            }
            self.read().await?;
        }
    }

    async fn read(&mut self) -> Result<()> {
        if self.stream.read_buf(&mut self.buffer).await? == 0 {
            bail!("the node has closed the connection");
        }
        self.reader.push(&self.buffer.split());
        Ok(())
    }
}
