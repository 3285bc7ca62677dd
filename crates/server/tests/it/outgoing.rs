//! What this server asks of others: an order at the bank's own server, a text message at its gateway; and where nobody is asked,
//! a file in the outbox.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};

use serde_json::{Value, json};

use crate::stage::{DEMOBK, Stage};

/// A request as the bank's server got it.
struct Request {
    line: String,
    headers: String,
    body: String,
}

fn read(stream: &TcpStream) -> Option<Request> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let (mut headers, mut length) = (String::new(), 0);
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        if header.trim().is_empty() {
            break;
        }
        let header = header.to_ascii_lowercase();
        if let Some(value) = header.strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
        headers.push_str(&header);
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Request { line, headers, body: String::from_utf8(body).ok()? })
}

/// The bank's own server: orders below `/orders/`, text messages at `/sms`, and an address that leads elsewhere.
fn bank() -> (SocketAddr, Receiver<Request>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("a bound port");
    let (told, heard) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let Some(request) = read(&stream) else { continue };
            let order = request.line.split("/orders/").nth(1).and_then(|rest| rest.split([' ', '?']).next());
            let (status, body) = match order {
                Some("MOVED") => ("302 Found\r\nlocation: http://127.0.0.1:1/", String::new()),
                Some(order) => ("200 OK", order_json(order).to_string()),
                None => ("200 OK", json!({"code": 0}).to_string()),
            };
            let length = body.len();
            let answer = format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}");
            let sent = stream.write_all(answer.as_bytes());
            if sent.is_err() || told.send(request).is_err() {
                return;
            }
        }
    });
    (address, heard)
}

fn order_json(order: &str) -> Value {
    json!({"code": 200, "data": {
        "businessId": order, "assistId": "F-7", "productName": "华楼通", "queueId": "1001", "status": 0,
        "borrower": {"name": "赵六", "idNo": "999999199001010016", "phone": "10000000006"},
    }})
}

fn connect(stage: &Stage, kind: &str, connector: &Value) {
    let headers = [("authorization", "Bearer mk_demo_DEMOBK")];
    let path = format!("/api/v1/connectors/{kind}");
    let answer = stage.server().http().try_ask("PUT", &path, &headers, Some(connector)).expect("an answer");
    assert_eq!(answer.status, 200, "{}", answer.text());
}

fn send(stage: &Stage, order: &str, phone: &str) -> Value {
    let body = json!({"businessId": order, "phone": phone});
    let headers = [("blade-auth", "bearer mk_demo_DEMOBK")];
    let answer = stage.server().http().post("/api/blade-system/smsctrl/sendSmsScheme", &headers, &body);
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["data"].clone()
}

fn state_of(stage: &Stage, message: &Value) -> Value {
    let list = stage.get(&DEMOBK, "/api/v1/messages").json();
    let items = list["items"].as_array().expect("a list");
    items.iter().find(|item| &item["id"] == message).expect("the message")["state"].clone()
}

#[test]
fn an_order_is_pulled_and_its_link_sent_over_the_banks_own_servers() {
    let (address, heard) = bank();
    let mut stage = Stage::new(&[]);

    let spooled = send(&stage, "A3239239", "10000000001");
    stage.until("the message is a file", |stage| state_of(stage, &spooled["smsId"]) == "sent");
    let file = stage.data().join("outbox").join(format!("{}.json", spooled["smsId"].as_str().expect("an id")));
    let file: Value = serde_json::from_slice(&std::fs::read(file).expect("a file")).expect("JSON");
    assert_eq!((&file["to"], &file["link"]), (&json!("10000000001"), &spooled["scheme"]));

    let order = json!({
        "method": "GET", "url": format!("http://{address}/orders/{{businessId}}?queue={{queueId}}"),
        "headers": {"X-Api-Key": "secret-of-the-bank"},
    });
    connect(&stage, "order", &order);
    let sms = json!({
        "url": format!("http://{address}/sms"), "accepted": {"pointer": "/code", "values": ["0"]},
        "body": {"type": "form", "template": "mobile={phone}&content={text}"},
    });
    connect(&stage, "sms", &sms);
    let sent = send(&stage, "NEW-1", "10000000006");
    let pulled = heard.recv().expect("the order was asked for");
    assert!(pulled.line.starts_with("GET /orders/NEW-1?queue= HTTP/1.1"), "{}", pulled.line);
    assert!(pulled.headers.contains("x-api-key: secret-of-the-bank"), "{}", pulled.headers);
    let text = heard.recv().expect("the gateway was asked");
    assert!(text.line.starts_with("POST /sms HTTP/1.1"), "{}", text.line);
    assert!(text.body.starts_with("mobile=10000000006&content=%E3%80%90"), "{}", text.body);
    assert!(text.body.contains("%2Fs%2F"), "{}", text.body);
    stage.until("the gateway took it", |stage| state_of(stage, &sent["smsId"]) == "sent");

    let moved = stage.post(&DEMOBK, "/api/v1/orders/MOVED/pull", &json!({}));
    assert_eq!(moved.status, 422, "a redirect is not followed: {}", moved.text());
}
