//! A minimal HTTP/1.1 client and server over plain sockets, with one request for each connection.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request, Response, StatusCode};

use super::ActionError;

/// How long to wait for an answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Sends a request to a server and waits for its answer.
pub(super) fn send(to: SocketAddr, request: &Request<Bytes>) -> Result<Response<Bytes>, ActionError> {
    exchange(to, request).map_err(|error| format!("{} {}: {error}", request.method(), request.uri()))
}

fn exchange(to: SocketAddr, request: &Request<Bytes>) -> std::io::Result<Response<Bytes>> {
    let mut stream = TcpStream::connect_timeout(&to, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut head =
        format!("{} {} HTTP/1.1\r\nHost: {to}\r\nConnection: close\r\n", request.method(), request.uri());
    for (name, value) in request.headers() {
        head.push_str(&format!("{name}: {}\r\n", value.to_str().unwrap_or_default()));
    }
    head.push_str(&format!("Content-Length: {}\r\n\r\n", request.body().len()));
    stream.write_all(&[head.as_bytes(), request.body()].concat())?;
    let (first, headers, body) = read(&mut BufReader::new(stream))?;
    let code = first.split(' ').nth(1).and_then(|code| code.parse().ok());
    let mut response = Response::new(body);
    *response.status_mut() = code.ok_or_else(|| std::io::Error::other(format!("no status in {first:?}")))?;
    response.headers_mut().extend(headers);
    Ok(response)
}

/// Reads one request from a client and answers it.
pub(super) fn serve(
    stream: TcpStream,
    answer: impl FnOnce(&Request<Bytes>) -> Response<Bytes>,
) -> std::io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut reader = BufReader::new(stream);
    let (first, headers, body) = read(&mut reader)?;
    let mut request = Request::new(body);
    let mut words = first.split(' ');
    if let Some(Ok(method)) = words.next().map(str::parse) {
        *request.method_mut() = method;
    }
    request.headers_mut().extend(headers);
    let status: StatusCode = answer(&request).status();
    let head = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    reader.get_mut().write_all(head.as_bytes())
}

type Message = (String, Vec<(Option<HeaderName>, HeaderValue)>, Bytes);

/// The first line, the headers and the body of a message.
fn read(reader: &mut impl BufRead) -> std::io::Result<Message> {
    let first = line(reader)?;
    let mut headers = Vec::new();
    let mut length = None;
    loop {
        let line = line(reader)?;
        let Some((name, value)) = line.split_once(':') else { break };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse::<u64>().ok();
        }
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), value.trim().parse::<HeaderValue>()) {
            headers.push((Some(name), value));
        }
    }
    let mut body = Vec::new();
    reader.take(length.unwrap_or(0)).read_to_end(&mut body)?;
    Ok((first, headers, body.into()))
}

fn line(reader: &mut impl BufRead) -> std::io::Result<String> {
    let mut line = String::new();
    reader.read_line(&mut line)?;
    Ok(line.trim_end().to_owned())
}
