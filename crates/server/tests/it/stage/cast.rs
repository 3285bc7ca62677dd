//! Who can be on the stage, and the steps that everybody takes before the test's own begins.

use std::time::Duration;

use mingjian_testkit::client::Line;
use serde_json::{Value, json};

use super::{Bank, Stage};

/// What makes a page somebody's.
#[derive(Debug, Clone)]
pub enum Identity {
    /// Who has the code of a link, on this device.
    Customer {
        /// The code.
        code: String,
        /// The device.
        device: String,
    },
    /// Who is logged in.
    Seat(Login),
    /// Who was let into a room, on this device.
    Guest {
        /// The ticket.
        ticket: String,
        /// The device.
        device: String,
    },
}

/// A login's fruits.
#[derive(Debug, Clone)]
pub struct Login {
    /// The session's cookie.
    pub cookie: String,
}

impl Identity {
    pub(super) fn hello(&self) -> Value {
        match self {
            Self::Customer { code, device } => {
                json!({"type": "hello", "as": "customer", "code": code, "device": device, "takeover": false})
            }
            Self::Seat(_) => json!({"type": "hello", "as": "seat"}),
            Self::Guest { ticket, device } => {
                json!({"type": "hello", "as": "guest", "ticket": ticket, "device": device})
            }
        }
    }

    pub(super) fn cookie(&self) -> Option<String> {
        match self {
            Self::Customer { .. } | Self::Guest { .. } => None,
            Self::Seat(login) => Some(login.cookie.clone()),
        }
    }
}

/// A seat and a customer in one call.
#[derive(Debug, Clone)]
pub struct Call {
    /// The seat's place.
    pub seat: usize,
    /// The customer's place.
    pub customer: usize,
    /// The interview's id.
    pub interview: String,
    /// The order's number.
    pub business_no: String,
}

impl Stage {
    /// Logs somebody in.
    pub fn log_in(&self, login: &str) -> Login {
        let answer =
            self.server().http().post("/api/v1/session", &[], &json!({"login": login, "password": "mingjian-demo"}));
        assert_eq!(answer.status, 200, "{login} logs in, but: {}", answer.text());
        let cookie =
            answer.header("set-cookie").and_then(|cookie| cookie.split(';').next()).expect("a cookie").to_owned();
        Login { cookie }
    }

    /// A seat with its desk open.
    pub fn seat(&mut self, login: &str) -> usize {
        let login = self.log_in(login);
        let seat = self.cast(Identity::Seat(login));
        self.open(seat);
        seat
    }

    /// A customer of a new order with the link's page open. Gives the place and the order's number.
    pub fn customer(&mut self, bank: &Bank) -> (usize, String) {
        let business_no = self.place_order(bank);
        let code = self.invite(bank, &business_no);
        let customer = self.cast(Identity::Customer { device: format!("{:032x}", self.people.len()), code });
        self.open(customer);
        (customer, business_no)
    }

    /// Somebody who dials into a meeting room, with the page open.
    pub fn guest(&mut self, number: &str, pin: &str, name: &str) -> usize {
        let device = format!("{:032x}", self.people.len());
        let asked = json!({"pin": pin, "name": name, "device": device});
        let answer = self.server().http().post(&format!("/api/v1/rooms/{number}/admissions"), &[], &asked);
        assert_eq!(answer.status, 201, "{name} is let in, but: {}", answer.text());
        let ticket = answer.json()["ticket"].as_str().expect("a ticket").to_owned();
        let guest = self.cast(Identity::Guest { ticket, device });
        self.open(guest);
        guest
    }

    /// Turns until two people in a meeting receive each other's picture and sound.
    pub fn until_guests_hear(&mut self, one: usize, two: usize) {
        let before = [self.heard(one, two), self.heard(two, one)];
        self.until("both hear each other", |stage| {
            stage.heard(one, two) > before[0] + 20 && stage.heard(two, one) > before[1] + 20
        });
    }

    /// The customer consents and takes a place in the queue.
    pub fn enqueue(&mut self, customer: usize) {
        self.granted(customer, json!({"type": "consent", "recording": true, "face": true}));
        self.granted(customer, json!({"type": "enqueue"}));
    }

    /// The seat says ready, is rung and answers. Gives the interview.
    pub fn answer(&mut self, seat: usize) -> String {
        let interview = self.accept(seat);
        self.until("the seat is in a call", |stage| stage.page(seat).state()["call"].is_object());
        interview
    }

    /// The seat says ready, is rung and answers, whatever comes of it. Gives the interview.
    pub fn accept(&mut self, seat: usize) -> String {
        self.granted(seat, json!({"type": "ready", "on": true}));
        self.until("a ring", |stage| stage.page(seat).state()["ringing"].is_object());
        let interview = self.page(seat).state()["ringing"]["interview"].as_str().expect("an id").to_owned();
        self.granted(seat, json!({"type": "accept", "interview": interview}));
        interview
    }

    /// A call of this seat with a new customer, until both are connected and hear each other, recorded.
    pub fn call(&mut self, bank: &Bank, seat: usize) -> Call {
        let call = self.ringed_call(bank, seat);
        self.connect(call.seat);
        self.connect(call.customer);
        self.until_both_hear(&call);
        call
    }

    /// A call that has been answered, without media as yet.
    pub fn ringed_call(&mut self, bank: &Bank, seat: usize) -> Call {
        let (customer, business_no) = self.customer(bank);
        self.enqueue(customer);
        let interview = self.answer(seat);
        self.until("the customer is in the call", |stage| stage.page(customer).phase() == "call");
        Call { seat, customer, interview, business_no }
    }

    /// Turns until both sides receive each other's picture and sound, and the pages say that it is recorded.
    pub fn until_both_hear(&mut self, call: &Call) {
        let (seat, customer) = (call.seat, call.customer);
        let before = [self.heard(seat, customer), self.heard(customer, seat)];
        self.until("both hear each other, recorded", |stage| {
            let on = [seat, customer].into_iter().all(|who| stage.page(who).state()["call"]["recording"] == "on");
            on && stage.heard(seat, customer) > before[0] + 20 && stage.heard(customer, seat) > before[1] + 20
        });
    }

    /// How many packets of picture or sound, whichever are fewer, somebody has of somebody else over the connection of now.
    pub fn heard(&mut self, listener: usize, speaker: usize) -> u64 {
        let speaker = self.page(speaker).participant().to_owned();
        let Some(client) = self.client(listener) else { return 0 };
        let of = |track| client.heard_of(&speaker, track).map_or(0, |heard| heard.packets);
        of("camera").min(of("microphone"))
    }

    /// How many packets somebody has of somebody else over the connection of now, picture and sound together.
    pub fn heard_in_all(&mut self, listener: usize, speaker: usize) -> u64 {
        let speaker = self.page(speaker).participant().to_owned();
        let Some(client) = self.client(listener) else { return 0 };
        ["camera", "microphone"]
            .into_iter()
            .map(|track| client.heard_of(&speaker, track).map_or(0, |heard| heard.packets))
            .sum()
    }

    /// How many packets of a line somebody has sent over the connection of now.
    pub fn sent(&mut self, speaker: usize, line: Line) -> u64 {
        self.client(speaker).map_or(0, |client| client.sent(line))
    }

    /// Everybody of a call comes back after the server did, as pages do by themselves: hello, then offer.
    pub fn come_back(&mut self, call: &Call) {
        for who in [call.seat, call.customer] {
            self.open(who);
            self.until_within("the call is shown again", Duration::from_secs(10), |stage| {
                stage.page(who).state()["call"]["interview"] == call.interview.as_str()
            });
            self.connect(who);
        }
    }

    /// The seat decides, and the customer's page shows it.
    pub fn decide(&mut self, call: &Call, verdict: &str) {
        let reason = (verdict != "pass").then_some("材料不齐");
        self.granted(
            call.seat,
            json!({"type": "verdict", "interview": call.interview, "verdict": verdict, "reason": reason}),
        );
        let customer = call.customer;
        self.until("the customer sees the end", |stage| stage.page(customer).phase() == "ended");
        assert_eq!(self.page(customer).state()["end"]["verdict"], verdict);
    }
}
