//! What pages ask of the hall and what the hall tells them: the words of `docs/protocol.md`.

mod ask;
mod refusal;
mod state;
mod tell;

pub use ask::{CheckResult, CustomerAsk, MediaAsk, SeatAsk, Switched};
pub use state::{
    CallView, ConsentView, CustomerState, DeskState, EndView, IceServer, Me, OrderPersonView, OrderView, PersonView,
    QueueView, RecentView, RingView, State, TicketView, WaitView,
};
pub use tell::{CloseCode, QualityLine, Tell};
