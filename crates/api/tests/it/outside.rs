//! Everybody else's servers, and phones: they answer as they are told and keep what they were sent.

use std::sync::Mutex;

use mingjian_domain::error::Result;
use mingjian_service::Service;
use mingjian_service::jobs::{self, Outside, Ran};
use mingjian_service::ports::{Errand, Returned, SendFailure, Sms, TextMessage, Texted, Web, Went};

/// What an outsider was sent.
#[derive(Clone)]
pub struct Heard {
    pub url: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Heard {
    /// The header, or nothing.
    pub fn header(&self, name: &str) -> String {
        let header = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        header.map(|(_, value)| value.clone()).unwrap_or_default()
    }
}

/// Somebody else's server, and the phones.
#[derive(Default)]
pub struct Outsider {
    answers: Mutex<Vec<std::result::Result<Returned, SendFailure>>>,
    heard: Mutex<Vec<Heard>>,
    texts: Mutex<Vec<TextMessage>>,
    always: Mutex<Option<Returned>>,
}

impl Outsider {
    /// Answers with these statuses, one after the other.
    pub fn answering(answers: impl IntoIterator<Item = std::result::Result<u16, SendFailure>>) -> Self {
        let outsider = Self::default();
        for answer in answers {
            outsider.will(answer.map(|status| Returned { status, body: Vec::new() }));
        }
        outsider
    }

    /// Answers this once everything before it is answered.
    pub fn will(&self, answer: std::result::Result<Returned, SendFailure>) {
        self.answers.lock().expect("no panic").insert(0, answer);
    }

    /// Answers with this JSON.
    pub fn will_say(&self, json: &serde_json::Value) {
        self.will(Ok(Returned { status: 200, body: json.to_string().into_bytes() }));
    }

    /// Answers with this JSON whenever nothing else was told.
    pub fn will_always_say(&self, json: &serde_json::Value) {
        let answer = Returned { status: 200, body: json.to_string().into_bytes() };
        *self.always.lock().expect("no panic") = Some(answer);
    }

    /// What came so far.
    pub fn heard(&self) -> Vec<Heard> {
        self.heard.lock().expect("no panic").clone()
    }

    /// The messages that came so far.
    pub fn texts(&self) -> Vec<TextMessage> {
        self.texts.lock().expect("no panic").clone()
    }
}

impl Web for Outsider {
    fn run(&self, errand: Errand) -> Went<'_> {
        let headers = errand.headers.iter().map(|(name, value)| (name.clone(), value.expose().to_owned())).collect();
        let body = String::from_utf8(errand.body).expect("text");
        self.heard.lock().expect("no panic").push(Heard { url: errand.url, headers, body });
        let told = self.answers.lock().expect("no panic").pop();
        let always = self.always.lock().expect("no panic").clone().map(Ok);
        let answer = told.or(always).expect("asked more often than answered");
        Box::pin(std::future::ready(answer))
    }
}

impl Sms for Outsider {
    fn send(&self, message: TextMessage) -> Texted<'_> {
        self.texts.lock().expect("no panic").push(message);
        Box::pin(std::future::ready(Ok(None)))
    }
}

/// Runs the job that is due, if one is.
pub async fn run_once(service: &Service, outsider: &Outsider) -> Result<Ran> {
    jobs::run_once(service, Outside { web: outsider, sms: outsider }).await
}
