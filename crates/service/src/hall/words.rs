//! What pages ask of the hall and of the gathering, and what they are told: the words of `docs/protocol.md`.

mod ask;
mod refusal;
mod state;
mod tell;

pub use ask::{CheckResult, CustomerAsk, GuestAsk, MediaAsk, SeatAsk, Switched};
pub use state::{
    CallView, ConsentView, CustomerState, DeskState, EndView, GuestState, IceServer, LeftView, Me, OrderPersonView,
    OrderView, PersonView, QueueView, RecentView, RingView, RoomView, State, TicketView, WaitView,
};
pub use tell::{CloseCode, QualityLine, Tell};

/// What somebody's sources are that flow not, by whom.
pub(crate) type Off =
    std::collections::BTreeMap<mingjian_domain::id::ParticipantId, std::collections::BTreeSet<Switched>>;
