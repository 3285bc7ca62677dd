//! A recorder, its publishers and a disk in memory, all in virtual time.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use mingjian_domain::id::{ParticipantId, RecordingId, RoomId};
use mingjian_domain::recording::journal::{Entry, GapReason};
use mingjian_domain::room::{RecordingPlan, RoomEvent};
use mingjian_media::disk::{DiskCommand, DiskReport, Earlier};
use mingjian_media::epoch::Epoch;
use mingjian_media::recorder::{JOURNAL, Packet, Recorder, RecorderOutput, Stream};
use mingjian_testkit::random::Seeded;
use time::OffsetDateTime;

use super::file::{self, Sample};
use super::publisher::{Datagram, Publisher, number_of_picture, number_of_sound};

pub struct Stage {
    pub recorder: Recorder,
    pub publishers: Vec<Publisher>,
    pub now: Instant,
    pub files: BTreeMap<String, Vec<u8>>,
    pub events: Vec<RoomEvent>,
    pub keyframes_asked: usize,
    /// Whether somebody hears the requests for key frames.
    pub keyframes_answered: bool,
    /// The greatest distance so far between what had been received and what had been written of it.
    pub worst_at_risk: Duration,
    pub earlier: Vec<Earlier>,
    folder: tempfile::TempDir,
    /// Arrival of the pictures and packets of sound that are not written yet, by number.
    unwritten: [BTreeMap<u32, Instant>; 2],
}

pub fn epoch() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(1_780_000_000).expect("a date")
}

pub fn participant(seed: u64) -> ParticipantId {
    ParticipantId::mint(epoch(), &mut Seeded::new(seed))
}

impl Stage {
    pub fn new() -> Self {
        Self::resumed(Duration::ZERO, Vec::new())
    }

    /// The recording began so long ago, in an earlier life.
    pub fn resumed(ago: Duration, earlier: Vec<Earlier>) -> Self {
        let begin = Instant::now();
        let mut random = Seeded::new(1);
        let plan = RecordingPlan {
            recording: RecordingId::mint(epoch(), &mut random),
            folder: "r".into(),
            started_at: epoch() - ago,
            paused_by: GapReason::Restart,
        };
        let room = RoomId::mint(epoch(), &mut random);
        let recorder = Recorder::start(&plan, room, Epoch { instant: begin, unix: epoch() }, Box::new(random), begin);
        Self {
            recorder,
            publishers: Vec::new(),
            now: begin,
            files: BTreeMap::new(),
            events: Vec::new(),
            keyframes_asked: 0,
            keyframes_answered: true,
            worst_at_risk: Duration::ZERO,
            earlier,
            folder: tempfile::tempdir().expect("a folder"),
            unwritten: [BTreeMap::new(), BTreeMap::new()],
        }
    }

    /// Adds a publisher whose streams begin now.
    pub fn join(&mut self, publisher: Publisher) {
        let id = publisher.id;
        self.publishers.push(publisher);
        for stream in [Stream::Microphone, Stream::Camera] {
            self.recorder.begin_stream(id, stream, self.now);
        }
        self.handle_outputs();
    }

    /// Lets time pass.
    pub fn run_for(&mut self, duration: Duration) {
        let until = self.now + duration;
        self.handle_outputs();
        loop {
            let next = self.publishers.iter().map(Publisher::next).chain(self.recorder.poll_timeout()).min();
            let Some(next) = next.filter(|next| *next <= until) else { break };
            self.now = self.now.max(next);
            self.recorder.handle_timeout(self.now);
            self.handle_outputs();
            self.worst_at_risk = self.worst_at_risk.max(self.at_risk());
            for n in 0..self.publishers.len() {
                self.publishers[n].send_due(self.now);
                while let Some(datagram) = self.publishers[n].network.receive(self.now) {
                    self.deliver(n, datagram);
                }
            }
            self.handle_outputs();
        }
        self.now = until;
    }

    fn deliver(&mut self, publisher: usize, datagram: Datagram) {
        let id = self.publishers[publisher].id;
        match datagram {
            Datagram::Media { stream, seq, rtp_time, marker, payload } => {
                let number = match stream {
                    Stream::Microphone => number_of_sound(&payload),
                    Stream::Camera | Stream::Screen => number_of_picture(&payload),
                };
                if let Some(number) = number {
                    self.unwritten[usize::from(stream == Stream::Microphone)].entry(number).or_insert(self.now);
                }
                let packet = Packet { seq, rtp_time, marker, arrival: self.now, payload: &payload };
                self.recorder.packet(id, stream, packet, self.now);
            }
            Datagram::Report { stream, ntp, rtp_time } => {
                self.recorder.sender_report(id, stream, ntp, rtp_time, self.now);
            }
        }
        self.handle_outputs();
    }

    pub fn handle_outputs(&mut self) {
        while let Some(output) = self.recorder.poll_output() {
            match output {
                RecorderOutput::Disk(DiskCommand::Begin { recording, .. }) => {
                    self.files.insert(JOURNAL.into(), Vec::new());
                    let earlier = self.earlier.clone();
                    self.recorder.handle_disk(&DiskReport::Begun { recording, earlier }, self.now);
                }
                RecorderOutput::Disk(DiskCommand::Append { file, bytes, .. }) => {
                    if file != JOURNAL {
                        self.is_written(&bytes);
                    }
                    self.files.entry(file).or_default().extend(bytes);
                }
                RecorderOutput::Disk(DiskCommand::End { recording }) => {
                    self.recorder.handle_disk(&DiskReport::Ended { recording }, self.now);
                }
                RecorderOutput::Event(event) => self.events.push(event),
                RecorderOutput::RequestKeyframe { participant, .. } => {
                    self.keyframes_asked += 1;
                    for publisher in &mut self.publishers {
                        publisher.key_wanted |= publisher.id == participant && self.keyframes_answered;
                    }
                }
            }
        }
    }

    /// What was received before the newest written thing of its kind is written, or was given up.
    fn is_written(&mut self, fragment: &[u8]) {
        let [pictures, sound] = file::samples(fragment);
        let newest = [
            pictures.iter().filter_map(|sample| number_of_picture(&sample.bytes[4..])).max(),
            sound.iter().filter_map(|sample| number_of_sound(&sample.bytes)).max(),
        ];
        for (unwritten, newest) in self.unwritten.iter_mut().zip(newest) {
            if let Some(newest) = newest {
                *unwritten = unwritten.split_off(&(newest + 1));
            }
        }
    }

    /// How long ago the oldest thing was received that a kill would lose now.
    fn at_risk(&self) -> Duration {
        self.unwritten
            .iter()
            .filter_map(|unwritten| unwritten.first_key_value())
            .map(|(_, arrival)| self.now - *arrival)
            .max()
            .unwrap_or_default()
    }

    pub fn stop(&mut self) {
        self.recorder.stop(self.now);
        self.handle_outputs();
    }

    pub fn journal(&self) -> Vec<Entry> {
        self.files[JOURNAL]
            .split(|byte| *byte == b'\n')
            .filter(|line| !line.is_empty())
            .map(|line| serde_json::from_slice(line).expect("an entry"))
            .collect()
    }

    pub fn gaps(&self) -> Vec<(u64, u64, GapReason)> {
        self.journal()
            .into_iter()
            .filter_map(|entry| match entry {
                Entry::Gap { from_ms, to_ms, reason, .. } => Some((from_ms, to_ms, reason)),
                Entry::Open { .. } | Entry::Fragment { .. } | Entry::Close { .. } => None,
            })
            .collect()
    }

    /// The track files with their zero in milliseconds, in the order in which they were opened.
    pub fn tracks(&self) -> Vec<(String, u64)> {
        self.journal()
            .into_iter()
            .filter_map(|entry| match entry {
                Entry::Open { file, from_ms, .. } => Some((file, from_ms)),
                Entry::Gap { .. } | Entry::Fragment { .. } | Entry::Close { .. } => None,
            })
            .collect()
    }

    /// The samples of a track file.
    pub fn samples(&self, file: &str) -> [Vec<Sample>; 2] {
        file::samples(&self.files[file])
    }

    /// Writes a file out for programs to read.
    pub fn on_disk(&self, file: &str) -> PathBuf {
        let path = self.folder.path().join(file);
        std::fs::write(&path, &self.files[file]).expect("a temporary file");
        path
    }

    /// Every file is decoded from beginning to end without a word.
    pub fn every_file_plays(&self) {
        let tracks = self.tracks();
        assert!(!tracks.is_empty(), "nothing was recorded");
        for (file, _) in tracks {
            assert_eq!(file::decode(&self.on_disk(&file)), "", "{file}");
        }
    }

    /// Capture time less written time, in microseconds, by number: pictures, then sound.
    pub fn deviations(&self, publisher_fps: i64) -> [BTreeMap<u32, i64>; 2] {
        let mut found = [BTreeMap::new(), BTreeMap::new()];
        for (file, zero_ms) in self.tracks() {
            let zero_us = i64::try_from(zero_ms).expect("hours") * 1000;
            let [pictures, sound] = self.samples(&file);
            for sample in pictures {
                if let Some(number) = number_of_picture(&sample.bytes[4..]) {
                    let at = zero_us + i64::try_from(sample.at).expect("hours") * 100 / 9;
                    assert_eq!(
                        found[0].insert(number, at - i64::from(number) * 1_000_000 / publisher_fps),
                        None,
                        "picture {number} is there twice"
                    );
                }
            }
            for sample in sound {
                if let Some(number) = number_of_sound(&sample.bytes) {
                    let at = zero_us + i64::try_from(sample.at).expect("hours") * 1000 / 48;
                    assert_eq!(
                        found[1].insert(number, at - i64::from(number) * 20_000),
                        None,
                        "sound {number} is there twice"
                    );
                }
            }
        }
        found
    }
}
