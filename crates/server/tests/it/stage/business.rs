//! The business system's side: orders, invitations, interviews and recordings over the native API.

use std::path::PathBuf;
use std::time::Duration;

use mingjian_testkit::server::http::Answer;
use serde_json::{Value, json};

use super::Stage;

/// An institution of the demo, as its business system knows it.
#[derive(Debug, Clone, Copy)]
pub struct Bank {
    /// Its key, as `Authorization` wants it.
    pub key: &'static str,
    /// Its first queue.
    queue: &'static str,
}

/// The demo's bank.
pub const DEMOBK: Bank = Bank { key: "Bearer mk_demo_DEMOBK", queue: "1001" };
/// The bank that must see nothing of it.
pub const OTHERB: Bank = Bank { key: "Bearer mk_demo_OTHERB", queue: "2001" };

impl Stage {
    /// `GET` with the bank's key.
    pub fn get(&self, bank: &Bank, path: &str) -> Answer {
        self.server().http().get(path, &[("authorization", bank.key)])
    }

    /// `POST` with the bank's key.
    pub fn post(&self, bank: &Bank, path: &str, body: &Value) -> Answer {
        self.server().http().post(path, &[("authorization", bank.key)], body)
    }

    /// `DELETE` with the bank's key.
    pub fn delete(&self, bank: &Bank, path: &str) -> Answer {
        self.server().http().delete(path, &[("authorization", bank.key)])
    }

    /// One recording by its id.
    pub fn find_recording(&self, bank: &Bank, id: &str) -> Value {
        let answer = self.get(bank, &format!("/api/v1/recordings/{id}"));
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    }

    /// Places an order and gives its number.
    pub fn place_order(&mut self, bank: &Bank) -> String {
        self.orders += 1;
        let business_no = format!("T{:04}", self.orders);
        let customer =
            json!({"name": "测试客户", "id_type": "id_card", "id_no": "999999199001010016", "mobile": "10000000009"});
        let order = json!({"business_no": business_no, "customer": customer, "product_name": "测试产品", "queue_id": bank.queue});
        let answer = self.post(bank, "/api/v1/orders", &order);
        assert_eq!(answer.status, 201, "{}", answer.text());
        business_no
    }

    /// Makes a link for the order's customer and gives its code.
    pub fn invite(&self, bank: &Bank, business_no: &str) -> String {
        self.invite_for(bank, business_no, &json!({}))
    }

    /// Makes a link with these wishes and gives its code.
    pub fn invite_for(&self, bank: &Bank, business_no: &str, wishes: &Value) -> String {
        let answer = self.post(bank, &format!("/api/v1/orders/{business_no}/invitations"), wishes);
        assert_eq!(answer.status, 201, "{}", answer.text());
        let url = answer.json()["url"].as_str().expect("a url").to_owned();
        url.rsplit_once("/s/").expect("the customer's page").1.to_owned()
    }

    /// The interviews of an order, the newest first.
    pub fn interviews(&self, bank: &Bank, business_no: &str) -> Vec<Value> {
        self.items(bank, &format!("/api/v1/interviews?business_no={business_no}"))
    }

    /// The recordings of an order, the newest first. What is in `files` are people's; the film is in `composed`.
    pub fn recordings(&self, bank: &Bank, business_no: &str) -> Vec<Value> {
        let mut recordings = self.items(bank, &format!("/api/v1/recordings?business_no={business_no}"));
        for recording in &mut recordings {
            let files = recording["files"].as_array_mut().expect("a list");
            let film = files.iter().position(|file| file["kind"] == "composed").map(|at| files.remove(at));
            recording["composed"] = film.unwrap_or_default();
        }
        recordings
    }

    /// The one recording of an order.
    pub fn recording(&self, bank: &Bank, business_no: &str) -> Value {
        let mut recordings = self.recordings(bank, business_no);
        assert_eq!(recordings.len(), 1, "one recording of {business_no}: {recordings:#?}");
        recordings.remove(0)
    }

    fn items(&self, bank: &Bank, path: &str) -> Vec<Value> {
        let answer = self.get(bank, path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        answer.json()["items"].as_array().expect("a list").clone()
    }

    /// Turns until the recording of an order is in this state, with every file closed, and gives it.
    pub fn until_recording(&mut self, bank: &Bank, business_no: &str, state: &str) -> Value {
        self.until_recording_within(bank, business_no, state, super::PATIENCE)
    }

    /// The same with a patience of one's own.
    pub fn until_recording_within(&mut self, bank: &Bank, business_no: &str, state: &str, patience: Duration) -> Value {
        let mut recording = Value::Null;
        self.until_within(
            &format!("the recording of {business_no} is {state} with all its files"),
            patience,
            |stage| {
                // A key has a rate.
                stage.run_for(Duration::from_millis(20));
                recording = stage.recording(bank, business_no);
                let closed = recording["files"]
                    .as_array()
                    .is_some_and(|files| files.iter().all(|file| file["sha256"].is_string()));
                recording["state"] == state && closed
            },
        );
        recording
    }

    /// Where a recording lies on the disk. None before its folder is made.
    pub fn folder_of(&self, recording: &str) -> Option<PathBuf> {
        find(&self.data().join("objects"), recording)
    }
}

fn find(folder: &std::path::Path, name: &str) -> Option<PathBuf> {
    for entry in std::fs::read_dir(folder).ok()?.flatten() {
        let path = entry.path();
        if entry.file_name() == name {
            return Some(path);
        }
        if path.is_dir()
            && let Some(found) = find(&path, name)
        {
            return Some(found);
        }
    }
    None
}
