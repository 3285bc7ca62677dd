//! The rules of the floor, one sentence each, with time moved by hand; then everything at once, at random.

mod property;

use time::Duration;
use time::macros::datetime;

use super::*;
use crate::error::Conflict;
use crate::random::Counting;

const NOON: OffsetDateTime = datetime!(2026-11-23 12:00 UTC);

fn at(seconds: i64) -> OffsetDateTime {
    NOON + Duration::seconds(seconds)
}

/// A floor with two queues, of priority 0 and 5, and names for everything.
struct Stage {
    floor: Floor,
    random: Counting,
    plain: QueueId,
    urgent: QueueId,
}

impl Stage {
    fn new() -> Self {
        let mut random = Counting::default();
        let plain = QueueId::mint(NOON, &mut random);
        let urgent = QueueId::mint(NOON, &mut random);
        let mut floor = Floor::new(Rules::default());
        floor.open_line(plain, 0);
        floor.open_line(urgent, 5);
        Self { floor, random, plain, urgent }
    }

    /// A ready seat in the plain queue, idle since `at(idle)`.
    fn seat(&mut self, priority: u8, idle: i64) -> UserId {
        let seat = UserId::mint(NOON, &mut self.random);
        self.floor.add_member(self.plain, seat, priority);
        self.floor.seat_online(seat, at(idle));
        self.floor.set_ready(seat, true, at(idle));
        seat
    }

    fn customer(&mut self, queue: QueueId, seconds: i64) -> InterviewId {
        let interview = InterviewId::mint(NOON, &mut self.random);
        self.floor.join(interview, queue, at(seconds), at(seconds)).expect("a new interview can join");
        interview
    }

    fn participant(&mut self) -> ParticipantId {
        ParticipantId::mint(NOON, &mut self.random)
    }

    fn pass(&mut self, seconds: i64) {
        self.floor.handle_timeout(at(seconds));
    }

    fn commands(&mut self) -> Vec<Command> {
        std::iter::from_fn(|| self.floor.poll_command()).collect()
    }

    fn rung(&mut self) -> Vec<(InterviewId, UserId)> {
        self.commands()
            .into_iter()
            .filter_map(|command| {
                if let Command::Ring { interview, seat, .. } = command { Some((interview, seat)) } else { None }
            })
            .collect()
    }

    /// A seat and a customer in a call, both there.
    fn call(&mut self) -> (UserId, InterviewId, ParticipantId, ParticipantId) {
        let seat = self.seat(0, 0);
        let interview = self.customer(self.plain, 0);
        let (seat_there, customer_there) = (self.participant(), self.participant());
        self.floor.answer((seat, seat_there), interview, &[customer_there], at(0)).expect("the seat is being rung");
        self.floor.person_here(interview, seat_there);
        self.floor.person_here(interview, customer_there);
        self.commands();
        (seat, interview, seat_there, customer_there)
    }
}

#[test]
fn the_longest_wait_comes_first_in_a_queue() {
    let mut stage = Stage::new();
    let first = stage.customer(stage.plain, 0);
    let _second = stage.customer(stage.plain, 1);
    let seat = stage.seat(0, 5);
    assert_eq!(stage.rung(), [(first, seat)]);
}

#[test]
fn the_queue_of_higher_priority_comes_first_however_long_others_wait() {
    let mut stage = Stage::new();
    let _patient = stage.customer(stage.plain, 0);
    let urgent = stage.customer(stage.urgent, 9);
    let seat = UserId::mint(NOON, &mut stage.random);
    stage.floor.add_member(stage.plain, seat, 0);
    stage.floor.add_member(stage.urgent, seat, 0);
    stage.floor.seat_online(seat, at(10));
    stage.floor.set_ready(seat, true, at(10));
    assert_eq!(stage.rung(), [(urgent, seat)]);
}

#[test]
fn the_highest_priority_seat_is_rung_then_the_longest_idle() {
    let mut stage = Stage::new();
    let later = stage.seat(1, 2);
    let earlier = stage.seat(1, 1);
    let _low = stage.seat(0, 0);
    let first = stage.customer(stage.plain, 3);
    let second = stage.customer(stage.plain, 4);
    assert_eq!(stage.rung(), [(first, earlier), (second, later)]);
}

#[test]
fn an_unanswered_ring_goes_to_the_next_seat_after_thirty_seconds() {
    let mut stage = Stage::new();
    let first = stage.seat(1, 0);
    let second = stage.seat(0, 0);
    let customer = stage.customer(stage.plain, 0);
    assert_eq!(stage.rung(), [(customer, first)]);
    assert_eq!(stage.floor.poll_timeout(), Some(at(30)));
    stage.pass(29);
    assert_eq!(stage.commands(), []);
    stage.pass(30);
    assert_eq!(
        stage.commands(),
        [
            Command::RingOver { interview: customer, seat: first, why: RingOver::Unanswered },
            Command::Ring { interview: customer, seat: second, until: at(60) },
        ]
    );
}

#[test]
fn three_unanswered_rings_in_a_row_set_a_seat_to_not_ready() {
    let mut stage = Stage::new();
    let seat = stage.seat(0, 0);
    let customer = stage.customer(stage.plain, 0);
    stage.pass(30);
    stage.pass(60);
    assert!(stage.floor.is_ready(seat));
    stage.commands();
    stage.pass(90);
    let commands = stage.commands();
    assert!(commands.contains(&Command::SeatNotReady { seat, why: NotReadyWhy::MissedRings }), "{commands:?}");
    assert_eq!(stage.floor.standing(customer).map(|standing| standing.position), Some(1));
    assert!(!stage.floor.is_ready(seat));
}

#[test]
fn a_refused_customer_goes_to_another_seat_and_not_back_for_a_minute() {
    let mut stage = Stage::new();
    let refuser = stage.seat(1, 0);
    let customer = stage.customer(stage.plain, 0);
    stage.commands();
    stage.floor.refuse(refuser, customer, at(1)).expect("the seat is being rung");
    assert_eq!(stage.rung(), []);
    let other = stage.seat(0, 2);
    assert_eq!(stage.rung(), [(customer, other)]);
    stage.floor.refuse(other, customer, at(3)).expect("the seat is being rung");
    stage.pass(61);
    assert_eq!(stage.rung(), [(customer, refuser)]);
}

#[test]
fn a_refused_customer_does_not_block_those_behind() {
    let mut stage = Stage::new();
    let seat = stage.seat(0, 0);
    let refused = stage.customer(stage.plain, 0);
    let next = stage.customer(stage.plain, 1);
    stage.commands();
    stage.floor.refuse(seat, refused, at(2)).expect("the seat is being rung");
    assert_eq!(stage.rung(), [(next, seat)]);
}

#[test]
fn a_lost_customer_keeps_the_place_for_a_minute() {
    let mut stage = Stage::new();
    let lost = stage.customer(stage.plain, 0);
    let other = stage.customer(stage.plain, 1);
    stage.floor.ticket_lost(lost, at(10));
    let seat = stage.seat(0, 20);
    assert_eq!(stage.rung(), [(other, seat)], "nobody is rung for a customer who is away");
    stage.floor.ticket_back(lost, at(69));
    assert_eq!(stage.floor.standing(lost).map(|standing| standing.position), Some(1));
    stage.floor.ticket_lost(lost, at(70));
    stage.pass(130);
    assert!(stage.commands().contains(&Command::Drop { interview: lost }));
    assert_eq!(stage.floor.standing(lost), None);
}

#[test]
fn a_customer_who_goes_while_ringing_frees_the_seat() {
    let mut stage = Stage::new();
    let seat = stage.seat(0, 0);
    let gone = stage.customer(stage.plain, 0);
    let next = stage.customer(stage.plain, 1);
    stage.commands();
    stage.floor.leave(gone, at(5)).expect("it waits");
    assert_eq!(
        stage.commands(),
        [
            Command::RingOver { interview: gone, seat, why: RingOver::CustomerGone },
            Command::Ring { interview: next, seat, until: at(35) },
        ]
    );
}

#[test]
fn a_customer_is_in_one_queue_at_a_time() {
    let mut stage = Stage::new();
    let customer = stage.customer(stage.plain, 0);
    assert_eq!(stage.floor.join(customer, stage.urgent, at(1), at(1)), Err(Conflict::AlreadyWaiting));
}

#[test]
fn a_seat_whose_page_reloads_stays_ready_for_thirty_seconds() {
    let mut stage = Stage::new();
    let seat = stage.seat(0, 0);
    stage.floor.seat_offline(seat, at(1));
    stage.pass(30);
    stage.floor.seat_online(seat, at(30));
    assert!(stage.floor.is_ready(seat));
    stage.floor.seat_offline(seat, at(40));
    stage.pass(70);
    assert_eq!(stage.commands(), [Command::SeatNotReady { seat, why: NotReadyWhy::Reconnected }]);
}

#[test]
fn a_call_waits_thirty_seconds_for_somebody_who_is_away() {
    let mut stage = Stage::new();
    let (_, interview, _, customer) = stage.call();
    stage.floor.person_lost(interview, customer, at(100));
    stage.pass(129);
    assert_eq!(stage.commands(), []);
    stage.floor.person_here(interview, customer);
    stage.pass(131);
    assert!(stage.floor.both_sides_here(interview));
    stage.floor.person_lost(interview, customer, at(200));
    stage.pass(230);
    assert_eq!(stage.commands(), [Command::Abandon { interview }]);
    assert!(!stage.floor.is_call(interview));
}

#[test]
fn a_call_goes_on_while_one_of_two_customers_is_there() {
    let mut stage = Stage::new();
    let (_, interview, _, borrower) = stage.call();
    let guarantor = stage.participant();
    stage.floor.add_customer(interview, guarantor, at(1)).expect("the call runs");
    stage.floor.person_here(interview, guarantor);
    stage.floor.person_lost(interview, borrower, at(10));
    stage.pass(40);
    assert_eq!(stage.commands(), [Command::GiveUp { interview, participant: borrower }]);
    assert!(stage.floor.is_call(interview));
}

#[test]
fn nobody_who_never_came_is_waited_for_longer() {
    let mut stage = Stage::new();
    let seat = stage.seat(0, 0);
    let interview = stage.customer(stage.plain, 0);
    let (seat_there, customer) = (stage.participant(), stage.participant());
    stage.floor.answer((seat, seat_there), interview, &[customer], at(0)).expect("the seat is being rung");
    stage.floor.person_here(interview, seat_there);
    stage.commands();
    stage.pass(30);
    assert_eq!(stage.commands(), [Command::Abandon { interview }]);
}

#[test]
fn a_seat_wraps_an_abandoned_call_up_before_it_is_rung_again() {
    let mut stage = Stage::new();
    let (seat, interview, _, customer) = stage.call();
    stage.floor.person_lost(interview, customer, at(10));
    let next = stage.customer(stage.plain, 20);
    stage.pass(40);
    assert_eq!(stage.commands(), [Command::Abandon { interview }]);
    assert_eq!(stage.floor.wrapping_up(seat), Some(interview));
    stage.floor.wrapped_up(seat, at(50));
    assert_eq!(stage.rung(), [(next, seat)]);
}

#[test]
fn a_call_back_goes_on_when_the_customer_opens_the_page() {
    let mut stage = Stage::new();
    let (seat, interview, seat_there, customer) = stage.call();
    stage.floor.person_lost(interview, customer, at(10));
    stage.pass(40);
    stage.commands();
    stage.floor.call_back((seat, seat_there), interview, Vec::new(), at(50)).expect("the seat is idle");
    assert_eq!(stage.commands(), []);
    stage.floor.called_back_customer_here(interview, customer, at(60));
    assert_eq!(stage.commands(), [Command::Resume { interview, seat }]);
    assert_eq!(stage.floor.call_of(seat), Some(interview));
}

#[test]
fn a_call_back_ends_after_ten_minutes() {
    let mut stage = Stage::new();
    let (seat, interview, seat_there, customer) = stage.call();
    stage.floor.person_lost(interview, customer, at(10));
    stage.pass(40);
    stage.commands();
    stage.floor.call_back((seat, seat_there), interview, Vec::new(), at(50)).expect("the seat is idle");
    stage.pass(649);
    assert_eq!(stage.commands(), []);
    stage.pass(650);
    assert_eq!(stage.commands(), [Command::CallBackOver { interview, seat }]);
}

#[test]
fn the_estimate_follows_service_times_and_serving_seats() {
    let mut stage = Stage::new();
    let waiting = stage.customer(stage.plain, 0);
    assert_eq!(stage.floor.standing(waiting).and_then(|standing| standing.estimate), None, "nobody serves");
    let (_, call, ..) = {
        stage.floor.leave(waiting, at(0)).expect("it waits");
        stage.call()
    };
    let next = stage.customer(stage.plain, 1);
    assert_eq!(stage.floor.standing(next).and_then(|standing| standing.estimate), Some(Duration::minutes(5)));
    stage.floor.end_call(call, at(60));
    let later = stage.customer(stage.plain, 61);
    let expected = Duration::minutes(5) + (Duration::minutes(1) - Duration::minutes(5)) / 8;
    assert_eq!(stage.floor.standing(later).and_then(|standing| standing.estimate), Some(expected * 2));
}
