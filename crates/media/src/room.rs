//! A room: who hears and sees whom, and the gate that stays shut until the recorder runs.
//!
//! Everybody gets the microphone and camera of everybody else from the moment the other's offer was taken, and a screen
//! once it is shared. A packet passes in this order: recorder, gate, listeners.

mod limit;
mod source;
mod tape;

use std::time::Instant;

use mingjian_domain::id::{ParticipantId, RecordingId, RoomId};
use mingjian_domain::recording::journal::Source;
use mingjian_domain::room::{JoinId, NegotiationRefusal, RecordingPlan, RoomEvent};
use str0m::rtp::RtpPacket;

use crate::capture::CaptureClock;
use crate::disk::DiskReport;
use crate::line::STREAMS;
use crate::peer::{Peer, PeerEvent, Wish};
use crate::recorder::{Packet, Stream};
use crate::shard::links::Links;
use crate::shard::{PeerKey, RoomKey};
use limit::Downlink;
use source::{Listener, Sending};
use tape::{Tape, Taped};

/// Whether packets are passed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gate {
    /// Nothing before the recorder runs.
    AwaitsRecorder,
    /// Everything.
    Open,
    /// Nothing any more: what must be recorded cannot be.
    Shut,
}

/// A place where people see and hear each other.
pub(crate) struct Room {
    id: RoomId,
    key: RoomKey,
    capacity: usize,
    people: Vec<Person>,
    gate: Gate,
    tape: Option<Tape>,
    closing: bool,
}

/// Somebody in the room, through reloads and reconnects.
struct Person {
    id: ParticipantId,
    peer: PeerKey,
    clock: CaptureClock,
    sending: [Sending; STREAMS.len()],
    /// Sources told as being received over this connection.
    published: Vec<Source>,
    downlink: Downlink,
    /// What its page was last told to send at most, over this connection.
    limit_kbps: Option<u32>,
}

impl Room {
    /// An empty room for up to `capacity` people. With `must_record` the gate waits for the recorder.
    pub(crate) fn new(id: RoomId, key: RoomKey, capacity: usize, must_record: bool) -> Self {
        let gate = if must_record { Gate::AwaitsRecorder } else { Gate::Open };
        Self { id, key, capacity, people: Vec::new(), gate, tape: None, closing: false }
    }

    pub(crate) fn id(&self) -> RoomId {
        self.id
    }

    /// Whether nothing is left to do and the room can be forgotten.
    pub(crate) fn is_over(&self) -> bool {
        self.closing && self.tape.is_none()
    }

    /// Lets somebody in, or back in over a new connection.
    pub(crate) fn join(
        &mut self,
        participant: ParticipantId,
        join: JoinId,
        offer: &str,
        links: &mut Links,
        now: Instant,
    ) {
        let room = self.id;
        let known = self.people.iter().position(|person| person.id == participant);
        if self.closing || (known.is_none() && self.people.len() >= self.capacity) {
            let refusal = if self.closing { NegotiationRefusal::RoomNotOpen } else { NegotiationRefusal::RoomFull };
            links.tell(RoomEvent::Refused { room, participant, join: Some(join), refusal });
            return;
        }
        let (credentials, serial) = (links.mint_credentials(), links.next_serial());
        let (peer, answer) = match Peer::accept(&links.config, credentials, self.key, offer, serial, now) {
            Ok(accepted) => accepted,
            Err(refusal) => {
                links.tell(RoomEvent::Refused { room, participant, join: Some(join), refusal });
                return;
            }
        };
        let peer = links.add(peer);
        if let Some(at) = known {
            let person = &mut self.people[at];
            let old = std::mem::replace(&mut person.peer, peer);
            person.clock = CaptureClock::new(now);
            person.published.clear();
            (person.downlink, person.limit_kbps) = (Downlink::default(), None);
            links.part(old);
            self.stop_listening(old);
            self.on_tape(links, now, |tape| tape.recorder.disconnected(participant, now));
        } else {
            let sending = STREAMS.map(|_| Sending::default());
            self.people.push(Person {
                id: participant,
                peer,
                clock: CaptureClock::new(now),
                sending,
                published: Vec::new(),
                downlink: Downlink::default(),
                limit_kbps: None,
            });
        }
        links.tell(RoomEvent::Answer { room, participant, join, answer });
        self.negotiate(links);
    }

    /// Takes a browser's answer to the open offer.
    pub(crate) fn answer(&mut self, participant: ParticipantId, answer: &str, links: &mut Links, now: Instant) {
        let room = self.id;
        let Some(key) = self.person(participant).map(|person| person.peer) else {
            let refusal = NegotiationRefusal::Malformed("nobody of this id is in the room".to_owned());
            links.tell(RoomEvent::Refused { room, participant, join: None, refusal });
            return;
        };
        let Some(peer) = links.peer_mut(key) else { return };
        if let Err(refusal) = peer.accept_answer(answer) {
            links.tell(RoomEvent::Refused { room, participant, join: None, refusal });
        }
        self.listen(key, links, now);
        self.negotiate(links);
    }

    /// Parts somebody for good.
    pub(crate) fn leave(&mut self, participant: ParticipantId, links: &mut Links, now: Instant) {
        let Some(at) = self.people.iter().position(|person| person.id == participant) else { return };
        let person = self.people.remove(at);
        links.part(person.peer);
        self.stop_listening(person.peer);
        self.on_tape(links, now, |tape| tape.recorder.leave(participant, now));
        self.negotiate(links);
    }

    /// A participant says that it turned a source on or off.
    pub(crate) fn switch(
        &mut self,
        participant: ParticipantId,
        source: Source,
        on: bool,
        links: &mut Links,
        now: Instant,
    ) {
        self.on_tape(links, now, |tape| tape.recorder.switched(participant, source, on, now));
        if on {
            self.ask_keyframe(participant, source, now);
        }
    }

    /// Parts everybody and ends the recording. The room is over when that is on disk.
    pub(crate) fn close(&mut self, links: &mut Links, now: Instant) {
        self.closing = true;
        for person in std::mem::take(&mut self.people) {
            links.part(person.peer);
        }
        self.stop_recording(links, now);
    }

    /// Begins to record. A room that was opened for it passes nothing on before the disk has agreed.
    pub(crate) fn start_recording(&mut self, plan: &RecordingPlan, links: &mut Links, now: Instant) {
        if self.tape.is_some() || self.closing {
            tracing::warn!(room.id = %self.id, recording.id = %plan.recording, "a recording is running already");
            return;
        }
        let must = self.gate == Gate::AwaitsRecorder;
        let mut tape = Tape::start(plan, self.id, must, links, now);
        for person in &self.people {
            for stream in STREAMS {
                if person.sending[stream.index()].generation.is_some() {
                    tape.recorder.begin_stream(person.id, stream, now);
                }
            }
        }
        self.tape = Some(tape);
        self.on_tape(links, now, |_| ());
    }

    /// Ends the recording; the room stays open.
    pub(crate) fn stop_recording(&mut self, links: &mut Links, now: Instant) {
        if self.tape.as_ref().is_some_and(|tape| tape.failed) {
            self.tape = None;
        }
        self.on_tape(links, now, |tape| tape.recorder.stop(now));
        if self.gate == Gate::AwaitsRecorder {
            self.gate = Gate::Open;
        }
    }

    /// The disk has answered.
    pub(crate) fn handle_disk(&mut self, report: &DiskReport, links: &mut Links, now: Instant) {
        if self.tape.as_ref().is_none_or(|tape| tape.recording != report.recording()) {
            return;
        }
        if let DiskReport::Failed { .. } = report
            && self.tape.as_ref().is_some_and(|tape| tape.must)
        {
            self.gate = Gate::Shut;
        }
        self.on_tape(links, now, |tape| {
            tape.failed |= matches!(report, DiskReport::Failed { .. });
            tape.recorder.handle_disk(report, now);
        });
        match report {
            DiskReport::Begun { .. } if self.gate == Gate::AwaitsRecorder => {
                self.gate = Gate::Open;
                for person in &mut self.people {
                    person.sending.iter_mut().for_each(|sending| sending.ask_keyframe(now));
                }
            }
            DiskReport::Ended { .. } => self.tape = None,
            DiskReport::Begun { .. } | DiskReport::Failed { .. } => {}
        }
    }

    /// The recording that is running or being ended.
    pub(crate) fn recording(&self) -> Option<RecordingId> {
        self.tape.as_ref().map(|tape| tape.recording)
    }

    /// What a peer of this room has to say.
    pub(crate) fn handle_peer(&mut self, key: PeerKey, event: PeerEvent, links: &mut Links, now: Instant) {
        // An earlier connection that is being parted has nothing to say any more.
        let Some(at) = self.people.iter().position(|person| person.peer == key) else { return };
        let (room, participant) = (self.id, self.people[at].id);
        match event {
            PeerEvent::Packet { stream, generation, packet } => {
                self.packet(at, stream, generation, &packet, links, now);
            }
            PeerEvent::Report { stream, unix_ns, rtp_time, received } => {
                self.people[at].clock.report(stream, unix_ns, rtp_time, received);
                self.on_tape(links, now, |tape| {
                    tape.recorder.sender_report(participant, stream, tape::ntp(unix_ns), rtp_time, now);
                });
            }
            PeerEvent::Connected => {
                links.tell(RoomEvent::Connected { room, participant });
                self.listen(key, links, now);
            }
            PeerEvent::Lost => {
                links.tell(RoomEvent::Disconnected { room, participant });
                self.on_tape(links, now, |tape| tape.recorder.disconnected(participant, now));
            }
            PeerEvent::KeyframeWanted(slot) => {
                let wanted =
                    links.peer(key).and_then(|peer| peer.slots().get(slot)).map(|slot| (slot.publisher, slot.stream));
                if let Some((Some(publisher), stream)) = wanted {
                    self.ask_keyframe(publisher, stream.source(), now);
                }
            }
            PeerEvent::Quality { quality, sent_kbps } => {
                links.tell(RoomEvent::Quality { room, participant, quality });
                if let Some(estimate_kbps) = quality.down_kbps {
                    self.people[at].downlink.measured(estimate_kbps, sent_kbps);
                    self.limit_publishers(links, now);
                }
            }
        }
    }

    fn packet(
        &mut self,
        at: usize,
        stream: Stream,
        generation: u64,
        packet: &RtpPacket,
        links: &mut Links,
        now: Instant,
    ) {
        let person = &mut self.people[at];
        let participant = person.id;
        let sending = &mut person.sending[stream.index()];
        let began = sending.generation != Some(generation);
        let first_ever = sending.generation.is_none();
        if began {
            sending.generation = Some(generation);
            person.clock.forget(stream);
        }
        sending.latest_at = Some(now);
        let captured = person.clock.captured(stream, packet.header.timestamp, packet.timestamp);
        if !person.published.contains(&stream.source()) {
            person.published.push(stream.source());
            links.tell(RoomEvent::Publishing { room: self.id, participant, source: stream.source() });
        }
        let recorded = Packet {
            seq: *packet.seq_no,
            rtp_time: packet.header.timestamp,
            marker: packet.header.marker,
            arrival: packet.timestamp,
            payload: &packet.payload,
        };
        if self.tape.is_some() {
            if stream.is_video() {
                self.people[at].sending[stream.index()].ask_keyframe_soon(now);
            }
            self.on_tape(links, now, |tape| {
                if began {
                    tape.recorder.begin_stream(participant, stream, now);
                }
                tape.recorder.packet(participant, stream, recorded, now);
            });
        }
        if self.gate == Gate::Open {
            for listener in &self.people[at].sending[stream.index()].listeners {
                let sent = links
                    .write_to(listener.peer)
                    .is_some_and(|peer| peer.send(listener.slot, stream, generation, packet, captured));
                links.counters.forwarded += u64::from(sent);
            }
        }
        if first_ever && stream == Stream::Screen {
            self.negotiate(links);
        }
    }

    /// Tells everybody whose pictures are more than a listener's network takes, or may be more again.
    fn limit_publishers(&mut self, links: &mut Links, now: Instant) {
        let limits: Vec<Option<u32>> = self.people.iter().map(|publisher| self.limit_of(publisher, now)).collect();
        for (person, limit) in self.people.iter_mut().zip(limits) {
            if limit::differs(person.limit_kbps, limit) {
                person.limit_kbps = limit;
                links.tell(RoomEvent::Limit { room: self.id, participant: person.id, video_kbps: limit });
            }
        }
    }

    /// What all pictures of a publisher together may be, by those of its listeners who take the least.
    fn limit_of(&self, publisher: &Person, now: Instant) -> Option<u32> {
        let pictures =
            STREAMS.iter().filter(|stream| stream.is_video()).map(|stream| &publisher.sending[stream.index()]);
        let narrowest =
            |sending: &Sending| sending.listeners.iter().filter_map(|listener| self.share_of(listener.peer, now)).min();
        let shares: Vec<Option<u32>> = pictures.filter(|sending| sending.is_live(now)).map(narrowest).collect();
        // A picture that nobody is too weak for takes no more beside a limited one than that.
        let least = shares.iter().flatten().min()?;
        Some(shares.iter().map(|share| share.unwrap_or(*least)).sum())
    }

    /// What a listener's network takes of each picture that it gets.
    fn share_of(&self, listener: PeerKey, now: Instant) -> Option<u32> {
        let person = self.people.iter().find(|person| person.peer == listener)?;
        let heard = |stream: Stream| {
            let sending = self.people.iter().map(|person| &person.sending[stream.index()]);
            let heard = sending
                .filter(|sending| sending.is_live(now) && sending.listeners.iter().any(|heard| heard.peer == listener));
            u32::try_from(heard.count()).unwrap_or(u32::MAX)
        };
        person.downlink.share_kbps(heard(Stream::Camera) + heard(Stream::Screen), heard(Stream::Microphone))
    }

    /// Asks for a key frame of a picture, now or as soon as it may be asked again.
    fn ask_keyframe(&mut self, participant: ParticipantId, source: Source, now: Instant) {
        if let Some(person) = self.people.iter_mut().find(|person| person.id == participant) {
            person.sending[Stream::picture_of(source).index()].ask_keyframe(now);
        }
    }

    /// When [`Self::handle_timeout`] must be called next.
    pub(crate) fn poll_timeout(&self) -> Option<Instant> {
        let keyframes = self.people.iter().flat_map(|person| &person.sending).filter_map(Sending::keyframe_due);
        let recorder = self.tape.as_ref().and_then(|tape| tape.recorder.poll_timeout());
        keyframes.chain(recorder).min()
    }

    /// Lets time pass.
    pub(crate) fn handle_timeout(&mut self, links: &mut Links, now: Instant) {
        for person in &mut self.people {
            for stream in STREAMS {
                if person.sending[stream.index()].take_due_keyframe(now)
                    && let Some(peer) = links.write_to(person.peer)
                {
                    links.counters.keyframes_asked += u64::from(peer.request_keyframe(stream));
                }
            }
        }
        if self.tape.as_ref().and_then(|tape| tape.recorder.poll_timeout()).is_some_and(|at| at <= now) {
            self.on_tape(links, now, |tape| tape.recorder.handle_timeout(now));
        }
    }

    /// Does something with the recorder, if there is one, and carries out what it wants.
    fn on_tape(&mut self, links: &mut Links, now: Instant, act: impl FnOnce(&mut Tape)) {
        let Some(tape) = &mut self.tape else { return };
        act(tape);
        while let Some(taped) = tape.poll(links) {
            match taped {
                Taped::KeyframeWanted(participant, source) => {
                    if let Some(person) = self.people.iter_mut().find(|person| person.id == participant) {
                        person.sending[Stream::picture_of(source).index()].ask_keyframe(now);
                    }
                }
            }
        }
    }

    fn person(&self, id: ParticipantId) -> Option<&Person> {
        self.people.iter().find(|person| person.id == id)
    }

    /// Offers everybody what it lacks.
    fn negotiate(&self, links: &mut Links) {
        for person in &self.people {
            let wishes = self.wishes_of(person, links);
            let Some(offer) = links.peer_mut(person.peer).and_then(|peer| peer.negotiate(&wishes)) else { continue };
            links.tell(RoomEvent::Offer { room: self.id, participant: person.id, offer });
        }
    }

    /// What somebody is to get: a screen only once it has been shared.
    fn wishes_of(&self, subscriber: &Person, links: &Links) -> Vec<Wish> {
        let mut wishes = Vec::new();
        for person in self.people.iter().filter(|person| person.id != subscriber.id) {
            let Some(peer) = links.peer(person.peer) else { continue };
            for stream in STREAMS {
                let shared = stream != Stream::Screen || person.sending[stream.index()].generation.is_some();
                if shared && peer.announces(stream) {
                    wishes.push(Wish { publisher: person.id, stream });
                }
            }
        }
        wishes
    }

    /// Makes a peer a listener of exactly those sources for which its browser has agreed to a line.
    fn listen(&mut self, key: PeerKey, links: &Links, now: Instant) {
        self.stop_listening(key);
        let Some(peer) = links.peer(key) else { return };
        for (at, slot) in peer.slots().iter().enumerate().filter(|(_, slot)| slot.live.is_some()) {
            let publisher = self.people.iter_mut().find(|person| Some(person.id) == slot.publisher);
            let Some(sending) = publisher.map(|person| &mut person.sending[slot.stream.index()]) else { continue };
            sending.listeners.push(Listener { peer: key, slot: at });
            if peer.is_up() && slot.stream.is_video() {
                sending.ask_keyframe(now);
            }
        }
    }

    fn stop_listening(&mut self, key: PeerKey) {
        for sending in self.people.iter_mut().flat_map(|person| &mut person.sending) {
            sending.listeners.retain(|listener| listener.peer != key);
        }
    }
}
