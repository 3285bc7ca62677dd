//! A participant in virtual time: real pictures and sound, each marked with its number, sent over a bad network with repair.

use std::sync::Arc;
use std::time::{Duration, Instant};

use mingjian_domain::id::ParticipantId;
use mingjian_media::recorder::Stream;
use mingjian_testkit::clip::Clip;
use mingjian_testkit::net::{Network, Weather};
use mingjian_testkit::random::Seeded;

/// What flies.
#[derive(Debug, Clone)]
pub enum Datagram {
    Media { stream: Stream, seq: u64, rtp_time: u32, marker: bool, payload: Arc<[u8]> },
    Report { stream: Stream, ntp: u64, rtp_time: u32 },
}

/// A media clock of the sender.
#[derive(Debug, Clone, Copy)]
pub struct Crystal {
    pub ppm: i64,
    pub start: u32,
}

impl Crystal {
    fn at(self, rate: i64, us: i64) -> u32 {
        let units = us * rate / 1_000_000;
        self.start
            .wrapping_add(u32::try_from((units + units * self.ppm / 1_000_000).rem_euclid(1 << 32)).expect("32 bits"))
    }
}

/// The participant.
pub struct Publisher {
    pub id: ParticipantId,
    pub clip: Arc<Clip>,
    pub network: Network<Datagram>,
    /// Lost packets are sent again this much later, as a retransmission would; none: they are lost for good.
    pub repair: Option<Duration>,
    /// Share of packets that are lost at first.
    pub loss: f64,
    pub sound_crystal: Crystal,
    pub picture_crystal: Crystal,
    pub camera_on: bool,
    pub microphone_on: bool,
    pub reports: bool,
    pub key_wanted: bool,
    /// Only every so many pictures are sent, as a still screen does.
    pub one_in: i64,
    /// The sender's wall clock less the truth, in microseconds.
    pub wall_off_us: i64,
    /// How long encoding and sending a picture takes longer than a packet of sound.
    pub picture_delay: Duration,
    begin: Instant,
    late: Vec<(Instant, Datagram)>,
    sounds: i64,
    pictures: i64,
    reported: i64,
    seq: [u64; 2],
    shown: usize,
    random: Seeded,
}

impl Publisher {
    pub fn new(id: ParticipantId, clip: Arc<Clip>, weather: Weather, seed: u64, begin: Instant) -> Self {
        Self {
            id,
            clip,
            network: Network::new(Weather { loss: 0.0, ..weather }, seed),
            repair: Some(Duration::from_millis(80)),
            loss: weather.loss,
            sound_crystal: Crystal { ppm: 0, start: 0xffff_0000 },
            picture_crystal: Crystal { ppm: 0, start: 0xfff0_0000 },
            camera_on: true,
            microphone_on: true,
            reports: true,
            key_wanted: false,
            one_in: 1,
            wall_off_us: 1_234_567_890_000,
            picture_delay: Duration::from_millis(30),
            begin,
            late: Vec::new(),
            sounds: 0,
            pictures: 0,
            reported: 0,
            seq: [1000, 5000],
            shown: 0,
            random: Seeded::new(seed ^ 0x5eed),
        }
    }

    /// A new connection: other numbers, other clocks.
    pub fn reconnect(&mut self) {
        self.seq = [70_000, 90_000];
        self.sound_crystal.start = self.sound_crystal.start.wrapping_add(123_456_789);
        self.picture_crystal.start = self.picture_crystal.start.wrapping_add(3_123_456_789);
        self.late.clear();
        while self.network.receive(self.begin + Duration::from_secs(100_000_000)).is_some() {}
        self.key_wanted = true;
    }

    /// Other losses than with another seed.
    pub fn shuffle(&mut self, seed: u64) {
        self.random = Seeded::new(seed);
    }

    pub fn show(&mut self, clip: Arc<Clip>) {
        self.clip = clip;
        self.shown = 0;
    }

    fn us_at(&self, at: Instant) -> i64 {
        i64::try_from(at.duration_since(self.begin).as_micros()).expect("a test of hours")
    }

    /// When something is to be sent or arrives next.
    pub fn next(&self) -> Instant {
        let at = |us: i64| self.begin + Duration::from_micros(u64::try_from(us).expect("positive"));
        let late = self.late.iter().map(|(when, _)| *when).min();
        [
            Some(at(self.sounds * 20_000)),
            Some(at(self.picture_us())),
            Some(at(self.reported * 1_000_000 + 500_000)),
            late,
            self.network.next_arrival(),
        ]
        .into_iter()
        .flatten()
        .min()
        .expect("there is always a next sound")
    }

    fn picture_us(&self) -> i64 {
        self.pictures * 1_000_000 / i64::from(self.clip.fps)
    }

    /// Sends what is due.
    pub fn send_due(&mut self, now: Instant) {
        let now_us = self.us_at(now);
        while self.sounds * 20_000 <= now_us {
            let number = self.sounds;
            self.sounds += 1;
            if self.microphone_on {
                let sound = &self.clip.sound;
                let packet = marked_sound(
                    &sound[usize::try_from(number).expect("positive") % sound.len()],
                    u32::try_from(number).expect("a test of hours"),
                );
                let rtp_time = self.sound_crystal.at(48_000, number * 20_000);
                self.emit(Stream::Microphone, rtp_time, true, packet, now);
            }
        }
        while self.picture_us() <= now_us {
            let number = self.pictures;
            let us = self.picture_us();
            self.pictures += 1;
            if !self.camera_on || number % self.one_in != 0 {
                continue;
            }
            let clip = self.clip.clone();
            if self.key_wanted {
                while !clip.pictures[self.shown % clip.pictures.len()].key {
                    self.shown += 1;
                }
                self.key_wanted = false;
            }
            let picture = &clip.pictures[self.shown % clip.pictures.len()];
            self.shown += 1;
            let rtp_time = self.picture_crystal.at(90_000, us);
            let mark: Arc<[u8]> = mark_of_picture(u32::try_from(number).expect("a test of hours"));
            let payloads = std::iter::once(&mark).chain(&picture.payloads);
            for (n, payload) in payloads.enumerate() {
                self.emit(
                    Stream::Camera,
                    rtp_time,
                    n == picture.payloads.len(),
                    payload.clone(),
                    now + self.picture_delay,
                );
            }
        }
        while self.reported * 1_000_000 + 500_000 <= now_us {
            self.reported += 1;
            if self.reports {
                for (stream, crystal, rate) in
                    [(Stream::Microphone, self.sound_crystal, 48_000), (Stream::Camera, self.picture_crystal, 90_000)]
                {
                    let wall = u64::try_from(now_us + self.wall_off_us).expect("positive");
                    let ntp = ((wall / 1_000_000) << 32) | (((wall % 1_000_000) << 32) / 1_000_000);
                    self.network.send(Datagram::Report { stream, ntp, rtp_time: crystal.at(rate, now_us) }, now);
                }
            }
        }
        let (due, late) = std::mem::take(&mut self.late).into_iter().partition(|(when, _)| *when <= now);
        self.late = late;
        let due: Vec<(Instant, Datagram)> = due;
        for (_, datagram) in due {
            self.network.send(datagram, now);
        }
    }

    fn emit(&mut self, stream: Stream, rtp_time: u32, marker: bool, payload: Arc<[u8]>, now: Instant) {
        let seq = &mut self.seq[usize::from(stream == Stream::Camera)];
        *seq += 1;
        let datagram = Datagram::Media { stream, seq: *seq, rtp_time, marker, payload };
        if self.random.chance(self.loss) {
            if let Some(repair) = self.repair {
                self.late.push((now + repair, datagram));
            }
        } else {
            self.late.push((now, datagram));
        }
    }
}

/// The packet with its number in Opus padding, which decoders skip (RFC 6716 section 3.2.5).
fn marked_sound(packet: &[u8], number: u32) -> Arc<[u8]> {
    assert_eq!(packet[0] & 3, 0, "one frame");
    let mut marked = vec![packet[0] | 3, 0x41, 4];
    marked.extend(&packet[1..]);
    marked.extend(number.to_be_bytes());
    marked.into()
}

/// The number of a sound packet of a publisher; none of a silent one.
pub fn number_of_sound(packet: &[u8]) -> Option<u32> {
    let marked = packet.first().is_some_and(|toc| toc & 3 == 3);
    packet.last_chunk().filter(|_| marked).map(|number| u32::from_be_bytes(*number))
}

/// The number of a picture as an SEI message of user data (ITU-T H.264 D.1.7), each digit in a byte above zero.
fn mark_of_picture(number: u32) -> Arc<[u8]> {
    let mut nal = vec![0x06, 5, 24];
    nal.extend([0xa5; 16]);
    nal.extend(format!("{number:08x}").bytes());
    nal.push(0x80);
    nal.into()
}

/// The number in the NAL unit that marks a picture; none in any other, such as a repeated picture.
pub fn number_of_picture(nal: &[u8]) -> Option<u32> {
    if nal[0] != 0x06 {
        return None;
    }
    let digits = std::str::from_utf8(&nal[3 + 16..3 + 16 + 8]).expect("hex digits");
    Some(u32::from_str_radix(digits, 16).expect("hex digits"))
}
