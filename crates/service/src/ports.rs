//! What the verbs need from outside.

use std::pin::Pin;
use std::time::Duration;

use mingjian_domain::id::RecordingId;
use mingjian_domain::room::RoomCommand;
use mingjian_domain::scene::Film;
use mingjian_domain::secret::Secret;
use time::OffsetDateTime;

/// The time. It never runs backwards while the server runs, whatever the wall clock does.
pub trait Clock: Send + Sync {
    /// Now, in UTC.
    fn now(&self) -> OffsetDateTime;
}

/// The mailbox of the media threads is full: the server is overloaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the media thread cannot take more commands")]
pub struct MailboxFull;

/// The rooms. What they tell comes back as `RoomEvent`s to the hall.
pub trait Media: Send + Sync {
    /// Sends a command to the thread of its room. Commands of one room are carried out in order.
    ///
    /// # Errors
    /// [`MailboxFull`] when the thread is overloaded.
    fn send(&self, command: RoomCommand) -> Result<(), MailboxFull>;
}

/// How an [`Errand`] asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Sends.
    Post,
    /// Writes.
    Put,
}

/// A request to somebody else's server. It has no `Debug`: headers hold secrets, bodies hold people.
#[derive(Clone)]
pub struct Errand {
    /// How.
    pub method: Method,
    /// Where to.
    pub url: String,
    /// The headers beside those of every request.
    pub headers: Vec<(String, Secret)>,
    /// The body.
    pub body: Vec<u8>,
    /// How long a try may take; the sender has a limit of its own.
    pub time: Duration,
    /// Tries until an answer below 500 comes; at least one is made.
    pub tries: u8,
    /// More of an answer than this is refused; 0 for who wants its status alone.
    pub most_bytes: usize,
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Returned {
    /// The HTTP status.
    pub status: u16,
    /// The body, where one was wanted.
    pub body: Vec<u8>,
}

/// Why a request was not answered at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendFailure {
    /// The address may not be called: trying again cannot help.
    #[error("{0}")]
    Forbidden(String),
    /// No answer came: it may help later.
    #[error("{0}")]
    Unreachable(String),
}

/// What an [`Errand`] comes back with.
pub type Went<'a> = Pin<Box<dyn Future<Output = Result<Returned, SendFailure>> + Send + 'a>>;

/// The way to everybody else's servers. It keeps the rules of where may be called, whoever asks.
pub trait Web: Send + Sync {
    /// Sends the request and waits for the answer.
    fn run(&self, errand: Errand) -> Went<'_>;
}

/// A text message, ready to be sent. It has no `Debug`: its link lets in whoever holds it.
#[derive(Clone)]
pub struct TextMessage {
    /// Its id, the same for every try.
    pub id: String,
    /// Code of the tenant.
    pub tenant: String,
    /// The phone.
    pub to: String,
    /// What the phone shows.
    pub text: String,
    /// The signature in front of the text, as the carrier knows it.
    pub sign: String,
    /// The carrier's template.
    pub template: String,
    /// The link in the text.
    pub link: String,
    /// The order that it is about.
    pub business_no: String,
}

/// What a [`TextMessage`] comes back with: the HTTP status, where there was one.
pub type Texted<'a> = Pin<Box<dyn Future<Output = Result<Option<u16>, SendFailure>> + Send + 'a>>;

/// Sends text messages.
pub trait Sms: Send + Sync {
    /// Hands the message over.
    fn send(&self, message: TextMessage) -> Texted<'_>;
}

/// What a composer is asked for: one film of a recording, with everybody in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Composition {
    /// Of what.
    pub recording: RecordingId,
    /// Key of the folder with the track files and the journal.
    pub folder: String,
    /// Key of the result.
    pub into: String,
    /// What is seen when.
    pub film: Film,
    /// What is heard: each person's files, in the order of time.
    pub voices: Vec<Vec<Sound>>,
    /// The moment of the first frame, in the zone of the running clock.
    pub clock: OffsetDateTime,
    /// A line that stands in the picture all the time.
    pub caption: String,
}

/// A track file whose sound is heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sound {
    /// Its name in the recording's folder.
    pub file: String,
    /// Where it begins in the recording.
    pub from_ms: u64,
    /// Where it ends.
    pub to_ms: u64,
}

/// The film, whole and on disk under the key that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Composed {
    /// Its size.
    pub size_bytes: u64,
    /// Its SHA-256.
    pub sha256: [u8; 32],
}

/// Why there is no film. The words are for the tenant's admin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ComposeFailure {
    /// The disk has no room for it.
    #[error("存储空间不足")]
    Full,
    /// The claim on the job is another worker's by now.
    #[error("任务已由其他进程接手")]
    Lost,
    /// It broke; it may help to try again.
    #[error("{0}")]
    Broken(String),
}

/// The answer of [`Alive::renew`].
pub type Renewed<'a> = Pin<Box<dyn Future<Output = bool> + Send + 'a>>;

/// The claim on a job that takes long.
pub trait Alive: Send + Sync {
    /// Holds the claim for longer; to be called every few seconds. False when it was lost: then the work is to be dropped.
    fn renew(&self) -> Renewed<'_>;
}

/// The answer of [`Composer::compose`].
pub type Composing<'a> = Pin<Box<dyn Future<Output = Result<Composed, ComposeFailure>> + Send + 'a>>;

/// Makes one film of a recording's tracks. However it does so, callers see a whole film under its key or none.
pub trait Composer: Send + Sync {
    /// Composes. The same composition gives the same film; dropped or killed in the midst, it may be asked again.
    fn compose<'a>(&'a self, composition: &'a Composition, alive: &'a dyn Alive) -> Composing<'a>;
}
