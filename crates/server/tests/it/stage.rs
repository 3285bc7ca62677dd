//! A stage: one real server in a folder of its own, open pages, and scripted WebRTC clients beside them.
//!
//! Everything of a test runs on its own thread. [`Stage::turn`] lets the clients send and receive for a few milliseconds and
//! then carries signalling to and fro; [`Stage::until`] turns until something is so. Nothing sleeps.

mod business;
mod cast;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use mingjian_testkit::client::{Client, ClientConfig};
use mingjian_testkit::clip::{Clip, ClipSpec};
use mingjian_testkit::drive::Crowd;
use mingjian_testkit::server::Server;
use mingjian_testkit::server::page::Page;
use serde_json::{Value, json};
use tempfile::TempDir;

pub use business::{Bank, DEMOBK, OTHERB};
pub use cast::{Call, Identity};

/// Far beyond what anything takes; a machine that is busy with other builds is slow.
pub const PATIENCE: Duration = Duration::from_secs(60);
/// How long the clients run between two looks at the pages.
const SLICE: Duration = Duration::from_millis(5);

/// What every client plays.
static CLIP: LazyLock<Arc<Clip>> = LazyLock::new(|| Clip::make(&ClipSpec::default()).expect("ffmpeg makes a clip"));

/// The clip that every client plays.
pub fn clip() -> Arc<Clip> {
    CLIP.clone()
}

/// A server and everybody who talks to it.
pub struct Stage {
    server: Option<Server>,
    options: Vec<String>,
    /// Removed with everything in it, once the server is gone.
    folder: TempDir,
    data: PathBuf,
    crowd: Crowd,
    people: Vec<Person>,
    orders: u32,
    connections: u32,
}

/// A page with its media: a customer or a seat.
pub struct Person {
    /// Who it is, to come back as the same.
    pub identity: Identity,
    /// Its page, while it is open.
    page: Option<Page>,
    /// Its place in the crowd and the offer that is not yet answered.
    client: Option<usize>,
    offered: Option<u64>,
}

impl Stage {
    /// A new demo server with these further flags.
    pub fn new(options: &[&str]) -> Self {
        let folder = tempfile::Builder::new().prefix("mj-it-").tempdir().expect("a temporary folder");
        let data = folder.path().join("data");
        Self::over(folder, data, options)
    }

    /// The same, with its data in a folder of the test's.
    pub fn in_folder(place: &Path, options: &[&str]) -> Self {
        let folder = tempfile::Builder::new().prefix("mj-it-").tempdir().expect("a temporary folder");
        Self::over(folder, place.join("data"), options)
    }

    fn over(folder: TempDir, data: PathBuf, options: &[&str]) -> Self {
        let mut stage = Self {
            server: None,
            options: options.iter().map(|&option| option.to_owned()).collect(),
            folder,
            data,
            crowd: Crowd::new().expect("a poll"),
            people: Vec::new(),
            orders: 0,
            connections: 0,
        };
        stage.start();
        stage
    }

    /// Starts the server on the folder as it is.
    pub fn start(&mut self) {
        let mut options = vec!["--demo"];
        options.extend(self.options.iter().map(String::as_str));
        let program = Path::new(env!("CARGO_BIN_EXE_mingjian"));
        self.server = Some(Server::start(program, &self.data(), &options).expect("the server starts"));
    }

    /// Starts the server and kills it so long after, wherever it is by then.
    pub fn start_and_kill(&mut self, after: Duration) {
        let program = Path::new(env!("CARGO_BIN_EXE_mingjian"));
        let mut options = vec!["--demo"];
        options.extend(self.options.iter().map(String::as_str));
        Server::start_and_kill(program, &self.data(), &options, after).expect("the server can be started");
    }

    /// The server's data folder.
    pub fn data(&self) -> PathBuf {
        self.data.clone()
    }

    /// A folder for what a test keeps aside.
    pub fn aside(&self) -> PathBuf {
        let aside = self.folder.path().join("aside");
        std::fs::create_dir_all(&aside).expect("a temporary folder takes folders");
        aside
    }

    /// The running server.
    pub fn server(&self) -> &Server {
        self.server.as_ref().expect("it has been started")
    }

    /// Takes the server, to end it. Pages and clients are gone with it.
    pub fn take_server(&mut self) -> Server {
        for person in &mut self.people {
            person.page = None;
            person.client = None;
            person.offered = None;
        }
        self.crowd = Crowd::new().expect("a poll");
        self.server.take().expect("it has been started")
    }

    /// Somebody, who has not yet opened a page. Gives the place.
    pub fn cast(&mut self, identity: Identity) -> usize {
        self.people.push(Person { identity, page: None, client: None, offered: None });
        self.people.len() - 1
    }

    /// Opens the page of a person and says hello; gives the reply.
    pub fn try_open(&mut self, who: usize) -> Value {
        let identity = &self.people[who].identity;
        let cookie = identity.cookie();
        let headers: Vec<(&'static str, &str)> = cookie.iter().map(|cookie| ("cookie", cookie.as_str())).collect();
        let mut page = Page::open(self.server().address(), &headers).expect("the server upgrades");
        let hello = page.ask(identity.hello());
        let person = &mut self.people[who];
        person.page = Some(page);
        person.client = None;
        person.offered = None;
        self.reply(who, hello)
    }

    /// Opens the page of a person, which must be welcome, and waits for its first state.
    pub fn open(&mut self, who: usize) {
        let reply = self.try_open(who);
        assert_eq!(reply["type"], "ok", "a welcome page, but: {reply}");
        self.until("the first state", |stage| stage.page(who).states() > 0);
    }

    /// Closes the page of a person without a word, and its media with it.
    pub fn vanish(&mut self, who: usize) {
        let person = &mut self.people[who];
        person.page = None;
        person.offered = None;
        // The client is left in the crowd and turned to stone: a page that is gone sends nothing more.
        if let Some(at) = person.client.take() {
            self.crowd.client(at).hush();
        }
    }

    /// Who a person is.
    pub fn identity(&self, who: usize) -> Identity {
        self.people[who].identity.clone()
    }

    /// Keeps what a person's client sends from now on.
    pub fn tap(&mut self, who: usize) {
        let at = self.people[who].client.expect("it is connected");
        self.crowd.tap(at);
    }

    /// What a person's client has sent since it was tapped.
    pub fn tapped(&mut self, who: usize) -> Vec<Vec<u8>> {
        let at = self.people[who].client.expect("it is connected");
        self.crowd.untap(at)
    }

    /// Sends a datagram from the very socket of a person's client.
    pub fn send_as(&mut self, who: usize, to: SocketAddr, datagram: &[u8]) {
        let at = self.people[who].client.expect("it is connected");
        self.crowd.send_as(at, to, datagram);
    }

    /// The page of a person.
    pub fn page(&self, who: usize) -> &Page {
        self.people[who].page.as_ref().expect("the page is open")
    }

    /// The page of a person, to speak through.
    pub fn page_mut(&mut self, who: usize) -> &mut Page {
        self.people[who].page.as_mut().expect("the page is open")
    }

    /// The media of a person, if it has made an offer.
    pub fn client(&mut self, who: usize) -> Option<&mut Client> {
        let at = self.people[who].client?;
        Some(self.crowd.client(at))
    }

    /// Asks for something and waits for the reply.
    pub fn ask(&mut self, who: usize, request: Value) -> Value {
        let id = self.page_mut(who).ask(request);
        self.reply(who, id)
    }

    /// Asks for something that must be granted.
    pub fn granted(&mut self, who: usize, request: Value) {
        let what = request.to_string();
        let reply = self.ask(who, request);
        assert_eq!(reply["type"], "ok", "{what} is granted, but: {reply}");
    }

    /// Asks for something that must be refused with this code.
    pub fn refused(&mut self, who: usize, request: Value, code: &str) {
        let what = request.to_string();
        let reply = self.ask(who, request);
        assert_eq!(reply["code"], code, "{what} is refused, but: {reply}");
    }

    fn reply(&mut self, who: usize, id: u64) -> Value {
        let mut reply = None;
        self.until("a reply", |stage| {
            let page = stage.page_mut(who);
            reply = page.take_reply(id);
            reply.is_some() || page.closed().is_some()
        });
        reply.unwrap_or_else(|| panic!("closed with {:?} instead of a reply", self.page(who).closed()))
    }

    /// Connects the media of a person: a new client, its offer sent. The answer is taken as the stage turns.
    pub fn connect(&mut self, who: usize) {
        self.connections += 1;
        // Each connection begins somewhere else, as a browser's does.
        let offset = self.connections.wrapping_mul(0x9e37_79b9) >> 8;
        let config =
            |local: SocketAddr| ClientConfig { rtp_offset: offset, keep: false, ..ClientConfig::new(local, clip()) };
        let at = self.crowd.add_udp(config).expect("a free port");
        let sdp = self.crowd.client(at).offer();
        let person = &mut self.people[who];
        let page = person.page.as_mut().expect("the page is open");
        person.client = Some(at);
        person.offered = Some(page.ask(json!({"type": "offer", "sdp": sdp})));
    }

    /// Lets everybody run for a few milliseconds and carries what they have to say.
    pub fn turn(&mut self) {
        self.crowd.run_for(SLICE).expect("the crowd runs");
        for person in &mut self.people {
            let Some(page) = &mut person.page else { continue };
            page.poll();
            let Some(at) = person.client else { continue };
            if let Some(reply) = person.offered.and_then(|id| page.take_reply(id)) {
                assert_eq!(reply["type"], "answer", "the offer is answered, but: {reply}");
                person.offered = None;
                self.crowd.client(at).accept_answer(reply["sdp"].as_str().expect("an answer has SDP"));
            }
            while let Some(offer) = page.take_offer() {
                let answer = self.crowd.client(at).accept_offer(&offer);
                page.send(&json!({"type": "answer", "sdp": answer}));
            }
        }
    }

    /// Turns until it is so, which must be within a minute.
    pub fn until(&mut self, what: &str, is_so: impl FnMut(&mut Self) -> bool) {
        self.until_within(what, PATIENCE, is_so);
    }

    /// Turns until it is so, which must be within `patience`.
    pub fn until_within(&mut self, what: &str, patience: Duration, mut is_so: impl FnMut(&mut Self) -> bool) {
        let begun = Instant::now();
        while !is_so(self) {
            if begun.elapsed() > patience {
                let states: Vec<_> = self
                    .people
                    .iter()
                    .filter_map(|person| person.page.as_ref())
                    .map(|page| (page.closed(), page.state()))
                    .collect();
                panic!("after {patience:?} still not: {what}; the pages: {states:#?}");
            }
            self.turn();
        }
    }

    /// Turns for this long: the call goes on.
    pub fn run_for(&mut self, span: Duration) {
        let until = Instant::now() + span;
        while Instant::now() < until {
            self.turn();
        }
    }
}
