//! As much of HTTP as the control of local programs needs: one request a connection, answers held whole.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// How long an answer may take. A scan that is asked for answers when it is over.
const LIMIT: Duration = Duration::from_mins(5);

/// Sends a request to a program on this machine and reads its JSON answer; an empty answer is `null`.
pub(crate) fn call(
    method: &str,
    port: u16,
    path: &str,
    headers: &[(&str, &str)],
    body: Option<&Value>,
) -> Result<Value> {
    let sent = || read(&take_body(exchange(method, port, path, headers, body)?)?);
    sent().with_context(|| format!("{method} {path} on port {port}"))
}

/// Sends a request to a program on this machine; the bytes of its answer.
pub(super) fn bytes(
    method: &str,
    port: u16,
    path: &str,
    headers: &[(&str, &str)],
    body: Option<&Value>,
) -> Result<Vec<u8>> {
    let sent = || take_body(exchange(method, port, path, headers, body)?);
    sent().with_context(|| format!("{method} {path} on port {port}"))
}

fn exchange(method: &str, port: u16, path: &str, headers: &[(&str, &str)], body: Option<&Value>) -> Result<Vec<u8>> {
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(5))?;
    stream.set_read_timeout(Some(LIMIT))?;
    let payload = body.map(Value::to_string).unwrap_or_default();
    // Version 1.0, so that the answer ends with the connection and is never cut in pieces.
    let mut lines = vec![format!("{method} {path} HTTP/1.0"), format!("Host: 127.0.0.1:{port}")];
    lines.extend(headers.iter().map(|(name, value)| format!("{name}: {value}")));
    if body.is_some() {
        lines.push("Content-Type: application/json".to_owned());
    }
    lines.push(format!("Content-Length: {}\r\n\r\n{payload}", payload.len()));
    let request = lines.join("\r\n");
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(answer)
}

/// What follows the headers of an answer that is no refusal.
fn take_body(mut answer: Vec<u8>) -> Result<Vec<u8>> {
    const END: &[u8] = b"\r\n\r\n";
    let end = answer.windows(END.len()).position(|window| window == END).context("the answer has no end of headers")?;
    let body = answer.split_off(end + END.len());
    let head = String::from_utf8_lossy(&answer);
    let status: u16 =
        head.split_whitespace().nth(1).and_then(|code| code.parse().ok()).context("the answer has no status")?;
    if !(200..300).contains(&status) {
        bail!("answered {status}: {}", String::from_utf8_lossy(&body).trim());
    }
    Ok(body)
}

fn read(body: &[u8]) -> Result<Value> {
    if body.trim_ascii().is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_slice(body).context("the answer is not JSON")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_and_refusals_told() {
        let answered = |answer: &str| take_body(answer.as_bytes().to_vec()).and_then(|body| read(&body));
        let read_well = answered("HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n{\"up\": true}").unwrap();
        assert_eq!(read_well["up"], true, "the body is what follows the headers");
        assert_eq!(answered("HTTP/1.0 204 No Content\r\n\r\n").unwrap(), Value::Null, "no body is null");
        let refused = answered("HTTP/1.0 403 Forbidden\r\n\r\nno\n").unwrap_err().to_string();
        assert_eq!(refused, "answered 403: no", "a refusal carries its reason");
    }
}
