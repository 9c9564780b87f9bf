//! Clients that send and never read: what is kept for them is bounded, and they are disconnected.

use crate::common;

use std::{net::SocketAddr, time::Duration};

use common::{PASSWORD, account, node, open};
use cordboard_hub::{Node, NodeConfig, driver::HttpLimits, http::HttpConfig, node::FloorChange};
use model::{AccountName, Role, Secret};
use session::Login;
use store::memory::Memory;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    time::{Instant, timeout},
};

/// An upper limit for what the operating system buffers in both directions, in bytes.
const MACHINE_BYTES_MAX: usize = 24 << 20;

/// A masked ping with 125 bytes.
fn ping() -> Vec<u8> {
    let mut frame = vec![0x89, 0x80 | 125, 0, 0, 0, 0];
    frame.extend([b'x'; 125]);
    frame
}

fn text(text: &str) -> Vec<u8> {
    let mut frame = vec![0x81, 0x80 | 126];
    frame.extend((text.len() as u16).to_be_bytes());
    frame.extend([0; 4]);
    frame.extend(text.as_bytes());
    frame
}

async fn served() -> (Node, SocketAddr) {
    let node = node(NodeConfig::default(), open(&Memory::default()), 1).await;
    let accounts = Some(vec![account("admin", Role::Admin, None)]);
    let floor = node.handle().snapshot(common::integration()).await.unwrap().floor;
    node.handle().put_floor(FloorChange { floor, accounts, contacts: Vec::new() }).await.unwrap();
    let limits = HttpLimits { write_within: Duration::from_millis(700), ..HttpLimits::default() };
    let config = HttpConfig { limits, ..HttpConfig::default() };
    let at = node.serve_http("127.0.0.1:0".parse().unwrap(), config).await.unwrap();
    (node, at)
}

/// A socket of the event stream with a small receive buffer.
async fn socket(at: SocketAddr) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4_096).unwrap();
    let mut stream = socket.connect(at).await.unwrap();
    let request = format!(
        "GET /api/v1/events HTTP/1.1\r\nhost: {at}\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut head = [0; 512];
    let read = stream.read(&mut head).await.unwrap();
    assert!(head[..read].starts_with(b"HTTP/1.1 101"), "{}", String::from_utf8_lossy(&head[..read]));
    stream
}

/// Sends pings until none is accepted for a while, the other end closes, or far too many were accepted. Returns how many bytes were.
async fn flood(stream: &mut TcpStream) -> usize {
    let pings = ping().repeat(512);
    let (mut taken, mut at) = (0, 0);
    while taken < 8 * MACHINE_BYTES_MAX {
        match timeout(Duration::from_millis(500), stream.write(&pings[at..])).await {
            Ok(Ok(count)) => (taken, at) = (taken + count, (at + count) % pings.len()),
            Ok(Err(_)) | Err(_) => return taken,
        }
    }
    taken
}

async fn is_closed_within(stream: &mut TcpStream, within: Duration) -> bool {
    let until = Instant::now() + within;
    while Instant::now() < until {
        if stream.try_write(&[0]).is_err_and(|error| error.kind() != std::io::ErrorKind::WouldBlock) {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    false
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pings_whose_pongs_are_never_read_are_not_kept_before_sign_in() {
    let (node, at) = served().await;
    let mut stream = socket(at).await;
    let taken = flood(&mut stream).await;
    assert!(taken < MACHINE_BYTES_MAX, "{taken} bytes of pings were taken");
    assert!(is_closed_within(&mut stream, Duration::from_secs(4)).await);
    node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pings_whose_pongs_are_never_read_are_not_kept_after_sign_in() {
    let (node, at) = served().await;
    let login = Login::Account(AccountName::new("admin").unwrap());
    let token = node.handle().sign_in(&login, &Secret::new(PASSWORD), at).await.unwrap();
    let mut stream = socket(at).await;
    let subscribe = format!(r#"{{"type":"subscribe","token":"{}","after":null}}"#, token.text.reveal());
    stream.write_all(&text(&format!("{subscribe:<130}"))).await.unwrap();
    // The first byte of the snapshot shows that the token was accepted.
    stream.read_exact(&mut [0]).await.unwrap();
    let taken = flood(&mut stream).await;
    assert!(taken < MACHINE_BYTES_MAX, "{taken} bytes of pings were taken");
    assert!(is_closed_within(&mut stream, Duration::from_secs(4)).await);
    node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sockets_without_a_token_are_bounded_and_the_oldest_makes_room() {
    let (node, at) = served().await;
    let mut crowd = Vec::new();
    for _ in 0..600 {
        crowd.push(socket(at).await);
    }
    let mut first = crowd.remove(0);
    let mut response = Vec::new();
    timeout(Duration::from_secs(3), first.read_to_end(&mut response)).await.unwrap().unwrap();
    assert!(
        String::from_utf8_lossy(&response).contains("overloaded"),
        "{}",
        String::from_utf8_lossy(&response)
    );
    let mut last = crowd.pop().unwrap();
    assert!(timeout(Duration::from_millis(300), last.read(&mut [0; 64])).await.is_err());
    node.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_of_ever_more_empty_frames_ends_the_socket() {
    let (node, at) = served().await;
    let mut stream = socket(at).await;
    let empty = [0x00, 0x80, 0, 0, 0, 0].repeat(10_000);
    let begin = [0x01, 0x80, 0, 0, 0, 0];
    stream.write_all(&begin).await.unwrap();
    // The socket may end during the write.
    stream.write_all(&empty).await.ok();
    assert!(is_closed_within(&mut stream, Duration::from_secs(3)).await);
    node.stop().await.unwrap();
}
