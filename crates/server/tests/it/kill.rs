//! SIGKILL, at any moment: what was received up to a second before is on disk, plays, and the call goes on.

mod meeting;
mod queue;
mod recordings;
mod recovery;
mod stop;
mod table;
mod verdict;
