//! What a customer's page asks.

use mingjian_domain::audit::Actor;
use mingjian_domain::error::{Conflict, Doing, Error, Result};
use mingjian_domain::id::{InterviewId, PersonId, RoomId};
use mingjian_domain::interview::{Interview, Outcome, State};
use mingjian_domain::order::{Consent, Order};
use mingjian_domain::room::RoomCommand;
use time::OffsetDateTime;

use super::calls::line;
use super::handle::CustomerHello;
use super::live::Live;
use super::pages::{Guest, Who, customer_participant};
use super::words::{CheckResult, CloseCode, CustomerAsk, EndView, Tell};
use super::{Check, Hall};
use crate::invitations::{Opened, consent};
use crate::pages::ConnectionId;

impl Hall {
    pub(super) async fn hello_customer(
        &mut self,
        connection: ConnectionId,
        hello: CustomerHello,
        now: OffsetDateTime,
    ) -> Result<()> {
        let Opened { invitation, order, .. } = crate::invitations::open(&self.service, &hello.code).await?;
        let person = invitation.person;
        if let Some(guest) = self.guests.get(&person)
            && let Some(other) = guest.connection
        {
            if guest.device != hello.device && !hello.takeover {
                return Err(Conflict::LinkInUse.into());
            }
            self.pages.close(other, CloseCode::TakenOver);
        }
        let before = self.guests.remove(&person);
        let name = order.person(person).map(|person| person.name.clone()).unwrap_or_default();
        let (interview, check, end) =
            before.map_or((None, None, None), |guest| (guest.interview, guest.check, guest.end));
        let interview = match interview.or_else(|| self.interview_with(person, &order)) {
            Some(interview) => Some(interview),
            None => self.abandoned_with(person, &order).await?,
        };
        let guest = Guest {
            invitation,
            order: order.id,
            name,
            device: hello.device,
            connection: Some(connection),
            interview,
            check,
            end,
        };
        self.guests.insert(person, guest);
        self.pages.introduce(connection, Who::Customer(person));
        if let Some(interview) = interview {
            self.floor.ticket_back(interview, now);
            self.floor.called_back_customer_here(interview, customer_participant(person), now);
            self.stale_call(interview);
        }
        self.stale_people.insert(person);
        Ok(())
    }

    /// The interview that waits or runs with this person in it.
    fn interview_with(&self, person: PersonId, order: &Order) -> Option<InterviewId> {
        let interview = *self.of_order.get(&order.id)?;
        self.live.get(&interview)?.customers.contains(&person).then_some(interview)
    }

    /// An abandoned interview of the order that its seat is calling back.
    async fn abandoned_with(&self, _person: PersonId, order: &Order) -> Result<Option<InterviewId>> {
        let mut tx = self.service.store.read().await?;
        let open = tx.interviews().open_of_order(order.id).await?;
        Ok(open.map(|interview| interview.id).filter(|&interview| self.floor.is_called_back(interview)))
    }

    pub(super) async fn customer_asks(
        &mut self,
        connection: ConnectionId,
        re: u64,
        ask: CustomerAsk,
        now: OffsetDateTime,
    ) {
        let Some(Who::Customer(person)) = self.pages.who(connection) else { return };
        let outcome = match ask {
            CustomerAsk::Consent { recording, face } => self.consent(person, recording, face, now).await,
            CustomerAsk::Check(result) => self.note_check(person, result),
            CustomerAsk::Enqueue => self.enqueue(person, now).await,
            CustomerAsk::LeaveQueue => self.leave_queue(person, now).await,
            CustomerAsk::HangUp => self.customer_hangs_up(person, now).await,
            CustomerAsk::CheckOffer { sdp } => {
                self.begin_check(connection, re, person, sdp, now);
                return;
            }
            CustomerAsk::Media(ask) => {
                let interview = self.guests.get(&person).and_then(|guest| guest.interview);
                self.media_asks(connection, re, interview, customer_participant(person), ask);
                return;
            }
        };
        self.reply(connection, re, outcome);
    }

    async fn consent(&mut self, person: PersonId, recording: bool, face: bool, now: OffsetDateTime) -> Result<()> {
        let service = self.service.clone();
        let guest = self.guest(person)?;
        let given = Consent {
            recording_at: recording.then(|| guest.invitation.consent.recording_at.unwrap_or(now)),
            face_at: face.then(|| guest.invitation.consent.face_at.unwrap_or(now)),
            version: Some(consent::VERSION.to_owned()),
        };
        let invitation = &guest.invitation;
        let mut consented =
            line(&service, invitation.tenant, Actor::Person(person), "give_consent", "invitation", invitation.id);
        consented.detail =
            Some(format!(r#"{{"recording":{recording},"face":{face},"version":"{}"}}"#, consent::VERSION));
        let mut tx = service.store.begin().await?;
        tx.invitations().set_consent(invitation.id, &given).await?;
        tx.audit().append(&consented).await?;
        tx.commit().await?;
        guest.invitation.consent = given;
        self.stale_people.insert(person);
        Ok(())
    }

    fn note_check(&mut self, person: PersonId, result: CheckResult) -> Result<()> {
        self.guest(person)?.check = Some(result);
        Ok(())
    }

    async fn enqueue(&mut self, person: PersonId, now: OffsetDateTime) -> Result<()> {
        let guest = self.guest(person)?;
        if guest.invitation.consent.recording_at.is_none() {
            return Err(Conflict::ConsentMissing.into());
        }
        guest.invitation.check(now)?;
        let (tenant, order, check) = (guest.invitation.tenant, guest.order, guest.check.clone());
        if guest.interview.is_some_and(|interview| self.of_order.get(&order) == Some(&interview)) {
            return Err(Conflict::AlreadyWaiting.into());
        }
        if let Some(&interview) = self.of_order.get(&order) {
            return self.enter_with_others(person, interview, now).await;
        }
        let service = self.service.clone();
        let mut tx = service.store.begin().await?;
        let order =
            tx.orders().lookup(tenant, order).await?.ok_or(Error::Missing(mingjian_domain::error::Noun::Order))?;
        // Read anew: it may have been made or changed since the hall opened.
        let queue = tx.queues().lookup(tenant, order.queue).await?;
        let queue = queue.ok_or(Error::Missing(mingjian_domain::error::Noun::Queue))?;
        let zone = match self.queues.get(&queue.id) {
            Some(open) => open.zone,
            None => tx.tenants().lookup(tenant).await?.map_or(time::UtcOffset::UTC, |tenant| tenant.zone),
        };
        self.floor.open_line(queue.id, queue.priority);
        let open = super::OpenQueue { queue, zone };
        self.queues.insert(open.queue.id, open.clone());
        if !open.is_open(now) {
            return Err(Conflict::QueueClosed { opens_at: open.queue.hours.opens_at(now, open.zone) }.into());
        }
        let (queue_name, zone) = (open.queue.name.clone(), open.zone);
        let day = now.to_offset(zone).date();
        let count = tx.counters().next(tenant, "interview", day).await?;
        let interview = Interview {
            id: service.draw(|random| InterviewId::mint(now, random)),
            tenant,
            order: order.id,
            queue: order.queue,
            number: format!("{:04}{:02}{:02}-{count:06}", day.year(), u8::from(day.month()), day.day()),
            room: service.draw(|random| RoomId::mint(now, random)),
            joined_at: now,
            wait_ms: None,
            recording: None,
            check: check.as_ref().map(serde_json::to_string).transpose().doing("writing the network check down")?,
            state: State::Waiting,
        };
        tx.interviews().insert(&interview).await?;
        tx.audit()
            .append(&line(&service, tenant, Actor::Person(person), "join_queue", "interview", interview.id))
            .await?;
        tx.commit().await?;
        let id = interview.id;
        self.of_order.insert(order.id, id);
        let mut live = Live::waits(interview, order, queue_name, vec![person]);
        live.check = check;
        let queue = live.interview.queue;
        self.live.insert(id, live);
        self.put_in(person, id);
        self.floor.join(id, queue, now, now)?;
        Ok(())
    }

    /// A further person of the order goes where the first one is.
    async fn enter_with_others(&mut self, person: PersonId, interview: InterviewId, now: OffsetDateTime) -> Result<()> {
        let live = self.live.get_mut(&interview).ok_or(Conflict::WrongState)?;
        if !live.customers.contains(&person) {
            live.customers.push(person);
        }
        if self.floor.is_call(interview) {
            self.floor.add_customer(interview, customer_participant(person), now)?;
            self.add_speaker(interview, customer_participant(person)).await?;
        }
        self.put_in(person, interview);
        self.stale_call(interview);
        Ok(())
    }

    fn put_in(&mut self, person: PersonId, interview: InterviewId) {
        if let Some(guest) = self.guests.get_mut(&person) {
            guest.interview = Some(interview);
            guest.end = None;
        }
        self.stale_people.insert(person);
    }

    async fn leave_queue(&mut self, person: PersonId, now: OffsetDateTime) -> Result<()> {
        let interview = self.guest(person)?.interview.ok_or(Conflict::WrongState)?;
        if self.floor.standing(interview).is_none() {
            return Err(Conflict::WrongState.into());
        }
        let others = self.live.get(&interview).is_some_and(|live| live.customers.iter().any(|&other| other != person));
        if others {
            if let Some(live) = self.live.get_mut(&interview) {
                live.customers.retain(|&other| other != person);
            }
            let end = self.end_view(interview, "left_queue", None, None, now);
            self.take_out(person, end);
            self.stale_call(interview);
            return Ok(());
        }
        self.finish(interview, Outcome::LeftQueue, Actor::Person(person), now).await?;
        self.floor.leave(interview, now)?;
        self.forget(interview, "left_queue", now);
        Ok(())
    }

    /// A customer hangs up: the others go on, or the seat keeps the card to decide.
    async fn customer_hangs_up(&mut self, person: PersonId, now: OffsetDateTime) -> Result<()> {
        let interview = self.guest(person)?.interview.ok_or(Conflict::NotInCall)?;
        if !self.floor.is_call(interview) {
            return Err(Conflict::NotInCall.into());
        }
        let participant = customer_participant(person);
        let goes_on = self.floor.person_left(interview, participant);
        let end = self.end_view(interview, "hung_up", None, None, now);
        if goes_on {
            self.part(interview, participant);
        } else {
            self.abandon(interview, now).await?;
            self.floor.abandon_call(interview, now);
        }
        self.take_out(person, end);
        self.stale_call(interview);
        Ok(())
    }

    /// A page measures the network with a room of its own.
    fn begin_check(&mut self, connection: ConnectionId, re: u64, person: PersonId, sdp: String, now: OffsetDateTime) {
        let mine: Vec<RoomId> =
            self.checks.iter().filter(|(_, check)| check.connection == connection).map(|(&room, _)| room).collect();
        for room in mine {
            self.end_check(room);
        }
        let room = self.service.draw(|random| RoomId::mint(now, random));
        self.checks.insert(room, Check { connection, re, until: now + Self::CHECK_LASTS });
        let (participant, join) = (customer_participant(person), self.next_join());
        let taken = self.command(RoomCommand::Open { room, record: None })
            && self.command(RoomCommand::Join { room, participant, join, offer: sdp });
        if !taken {
            self.reply(connection, re, Err(Error::Busy { until: None }));
            self.end_check(room);
        }
    }

    pub(super) fn end_check(&mut self, room: RoomId) {
        if self.checks.remove(&room).is_some() {
            self.command(RoomCommand::Close { room });
        }
    }

    fn guest(&mut self, person: PersonId) -> Result<&mut Guest> {
        self.guests.get_mut(&person).ok_or(Error::Missing(mingjian_domain::error::Noun::Invitation))
    }

    /// A customer is in no interview any more and sees how it ended.
    pub(super) fn take_out(&mut self, person: PersonId, end: Option<EndView>) {
        if let Some(guest) = self.guests.get_mut(&person) {
            guest.interview = None;
            guest.end = end;
            if guest.connection.is_none() {
                self.guests.remove(&person);
            }
        }
        self.stale_people.insert(person);
    }

    pub(super) fn reply(&mut self, connection: ConnectionId, re: u64, outcome: Result<()>) {
        let tell = match outcome {
            Ok(()) => Tell::Ok { re },
            Err(error) => {
                if let Error::Fault(fault) = &error {
                    tracing::error!(doing = fault.doing(), error = %fault.source(), "a page's request failed");
                }
                Tell::refusal(Some(re), &error)
            }
        };
        self.pages.tell(connection, tell);
    }

    /// Answers a hello; a page that may not come in is told why, then closed.
    pub(super) fn answer_hello(&mut self, connection: ConnectionId, re: u64, outcome: Result<()>) {
        let close = match &outcome {
            Ok(()) | Err(Error::Conflict(Conflict::LinkInUse)) => None,
            Err(Error::Conflict(Conflict::LinkExpired | Conflict::LinkUsed)) => Some(CloseCode::LinkOver),
            Err(_) => Some(CloseCode::Unknown),
        };
        self.reply(connection, re, outcome);
        if let Some(code) = close {
            self.pages.close(connection, code);
        }
    }
}
