//! Something of everything in DEMOBK: an invitation, an interview with its verdict, its recording on disk, a callback.

use axum::http::Method;
use mingjian_domain::id::{
    BroadcastId, InterviewId, JobId, ParticipantId, RecordingId, RoomId, TenantId, TrackId, UserId,
};
use mingjian_domain::interview::{Call, Interview, Outcome, State, Verdict};
use mingjian_domain::job::{Job, JobState, Work};
use mingjian_domain::recording::journal::{Entry, GapReason, Source};
use mingjian_domain::recording::{self, Closed, Gap, Mark, Recording, Speaker, SpeakerRole, Track};
use mingjian_store::{Broadcast, BroadcastTape};
use sha2::{Digest, Sha256};
use time::Duration;

use crate::stage::{Ask, DEMOBK, NOON, Stage, ask, post};

/// What is in DEMOBK.
pub struct World {
    pub stage: Stage,
    pub tenant: TenantId,
    /// Code of a link of A3239239.
    pub code: String,
    pub interview: InterviewId,
    pub recording: RecordingId,
    pub customer: ParticipantId,
    /// The customer's file, and its bytes.
    pub file: String,
    pub bytes: Vec<u8>,
    pub callback: JobId,
    /// The job of the recording's film, given up.
    pub composition: JobId,
    /// The code of a broadcast that is played from the recording.
    pub live: String,
    /// Uploads of DEMOBK; the third is deleted.
    pub files: [i64; 3],
}

/// What begins like an MP4 file.
pub const FILM: &[u8] = b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41 and so on";

/// A form that uploads these bytes.
pub fn upload(path: &str, bytes: &[u8]) -> Ask {
    let (folder, name) = path.rsplit_once('/').expect("a path");
    form(&[("folder", None, folder.as_bytes()), ("file", Some(name), bytes)])
}

/// A form of these parts: name, name of a file, content.
pub fn form(parts: &[(&str, Option<&str>, &[u8])]) -> Ask {
    let mut body = Vec::new();
    for (name, file, content) in parts {
        body.extend(format!("--limit\r\nContent-Disposition: form-data; name=\"{name}\"").into_bytes());
        if let Some(file) = file {
            body.extend(format!("; filename=\"{file}\"\r\nContent-Type: application/octet-stream").into_bytes());
        }
        body.extend(b"\r\n\r\n");
        body.extend(*content);
        body.extend(b"\r\n");
    }
    body.extend(b"--limit--\r\n");
    let ask = ask(Method::POST, "/api/v1/files").with("content-type", "multipart/form-data; boundary=limit");
    Ask { body, ..ask }
}

/// Length of the initialisation segment of the recording's file.
pub const INIT_BYTES: u64 = 700;

impl World {
    pub async fn build() -> Self {
        Self::on(Stage::demo().await).await
    }

    pub async fn on(stage: Stage) -> Self {
        let mut tx = stage.service.store.begin().await.expect("a transaction");
        let tenant = tx.tenants().lookup_by_code("DEMOBK").await.expect("a store").expect("a tenant").id;
        let seat = tx.users().lookup_by_login("agent1").await.expect("a store").expect("a user").id;
        let order = tx.orders().lookup_by_business_no(tenant, "A3239239").await.expect("a store").expect("an order");
        drop(tx);
        let mint = |random: &mut dyn mingjian_domain::random::Randomness| {
            (
                InterviewId::mint(NOON, random),
                RecordingId::mint(NOON, random),
                RoomId::mint(NOON, random),
                ParticipantId::mint(NOON, random),
                TrackId::mint(NOON, random),
                JobId::mint(NOON, random),
                JobId::mint(NOON, random),
            )
        };
        let (interview, recording, room, customer, track, callback, composition) = stage.service.draw(mint);

        let call = Call { seat, answered_at: NOON, connected_at: Some(NOON + Duration::seconds(1)) };
        let interview = Interview {
            id: interview,
            tenant,
            order: order.id,
            queue: order.queue,
            number: "20261123-000001".into(),
            room,
            joined_at: NOON - Duration::seconds(30),
            wait_ms: Some(30_000),
            recording: Some(recording),
            check: None,
            state: State::Ended {
                call: Some(call),
                outcome: Outcome::Verdict { verdict: Verdict::Refuse, reason: Some("证件过期".into()) },
                at: NOON + Duration::seconds(5),
            },
        };
        let recording = Recording {
            id: recording,
            tenant,
            interview: Some(interview.id),
            room,
            folder: Recording::folder_for("DEMOBK", recording, NOON),
            started_at: NOON,
            state: recording::State::Stopped { duration_ms: 4_000 },
        };
        let file = format!("{customer}-0000000000.mp4");
        let bytes = write_files(&stage, &recording, customer, track, &file);
        let closed =
            Closed { duration_ms: 4_000, size_bytes: bytes.len() as u64, sha256: Sha256::digest(&bytes).into() };
        let track = Track {
            id: track,
            recording: recording.id,
            participant: customer,
            source: Source::Camera,
            file: file.clone(),
            from_ms: 0,
            closed: Some(closed),
        };
        let work = Work::DeliverCallback {
            url: "https://bank.example/hook".into(),
            body: "{}".into(),
            business_no: "A3239239".into(),
        };
        let job = Job {
            id: callback,
            tenant,
            work,
            created_at: NOON,
            state: JobState::Failed { at: NOON },
            attempts: 24,
            last_status: Some(500),
            last_error: Some("对方返回 HTTP 500".into()),
        };
        let film = Job {
            id: composition,
            work: Work::ComposeRecording { recording: recording.id },
            last_status: None,
            last_error: Some("存储空间不足".into()),
            ..job.clone()
        };

        let mut tx = stage.service.store.begin().await.expect("a transaction");
        tx.interviews().insert(&interview).await.expect("an interview");
        tx.recordings().insert(&recording).await.expect("a recording");
        tx.speakers()
            .upsert(&Speaker {
                recording: recording.id,
                participant: customer,
                name: "张三".into(),
                role: SpeakerRole::Customer,
            })
            .await
            .expect("a speaker");
        tx.tracks().insert(&track).await.expect("a track");
        tx.gaps()
            .insert(&Gap {
                recording: recording.id,
                participant: customer,
                source: Source::Camera,
                from_ms: 1_000,
                to_ms: 1_400,
                reason: GapReason::Loss,
            })
            .await
            .expect("a gap");
        tx.marks()
            .insert(&Mark { recording: recording.id, at_ms: 3_900, kind: "verdict".into(), text: "拒绝".into() })
            .await
            .expect("a mark");
        tx.jobs().enqueue(&job).await.expect("a job");
        let live = "0123456789abcdefghijkl".to_owned();
        let broadcast = Broadcast {
            id: BroadcastId::from_uuid(recording.id.as_uuid()),
            tenant,
            room,
            code: live.clone(),
            title: "例会".into(),
            started_at: NOON,
            ended_at: None,
        };
        tx.broadcasts().insert(&broadcast).await.expect("a broadcast");
        let tape = BroadcastTape {
            broadcast: broadcast.id,
            recording: recording.id,
            folder: recording.folder.clone(),
            started_at: NOON,
            from_ms: 0,
            kept: true,
        };
        tx.broadcasts().add_tape(&tape).await.expect("a tape");
        tx.jobs().enqueue(&film).await.expect("a job");
        tx.commit().await.expect("a commit");

        let invited = stage.ask(post("/api/v1/orders/A3239239/invitations", &serde_json::json!({})).key(DEMOBK)).await;
        assert_eq!(invited.status, 201, "{}", invited.text());
        let url = invited.json()["url"].as_str().expect("a link").to_owned();
        let code = url.rsplit('/').next().expect("a code").to_owned();
        let mut files = [0; 3];
        for (n, id) in files.iter_mut().enumerate() {
            let path = format!("/2018/demo{n}.mp4");
            let uploaded = stage.ask(upload(&path, FILM).key(DEMOBK)).await;
            assert_eq!(uploaded.status, 201, "{}", uploaded.text());
            *id = uploaded.json()["id"].as_i64().expect("a number");
        }
        let gone = ask(Method::DELETE, format!("/api/v1/files/{}", files[2])).json(r#"{"reason":"测试"}"#).key(DEMOBK);
        assert_eq!(stage.ask(gone).await.status, 200);
        let (interview, recording) = (interview.id, recording.id);
        Self { stage, tenant, code, interview, recording, customer, file, bytes, callback, live, composition, files }
    }

    /// An interview in which that user was the seat, and nothing else.
    pub async fn add_interview_of(&self, login: &str, number: &str) {
        let service = &self.stage.service;
        let mut tx = service.store.begin().await.expect("a transaction");
        let seat: UserId = tx.users().lookup_by_login(login).await.expect("a store").expect("a user").id;
        let mut interview =
            tx.interviews().lookup(self.tenant, self.interview).await.expect("a store").expect("an interview");
        interview.id = service.draw(|random| InterviewId::mint(service.now(), random));
        interview.number = number.to_owned();
        interview.recording = None;
        let call = Call { seat, answered_at: NOON, connected_at: Some(NOON) };
        interview.state = State::Ended { call: Some(call), outcome: Outcome::HungUp, at: NOON };
        tx.interviews().insert(&interview).await.expect("an interview");
        tx.commit().await.expect("a commit");
    }
}

/// A file of eight fragments of half a second and its journal, as the recorder leaves them.
fn write_files(
    stage: &Stage,
    recording: &Recording,
    participant: ParticipantId,
    track: TrackId,
    file: &str,
) -> Vec<u8> {
    let folder = stage.service.objects.path_of(&recording.folder).expect("a key");
    std::fs::create_dir_all(&folder).expect("a folder");
    // What a player needs of the initialisation segment is the recorder's to test; here it says that there is a picture.
    let mut bytes = b"hdlr\0\0\0\0\0\0\0\0vide".to_vec();
    bytes.resize(usize::try_from(INIT_BYTES).expect("small"), 0x11);
    let mut entries = vec![Entry::Open {
        track,
        participant,
        source: Source::Camera,
        file: file.to_owned(),
        from_ms: 0,
        init_bytes: INIT_BYTES,
        codecs: "avc1.42e01f,opus".into(),
        size: Some((640, 480)),
    }];
    for n in 0..8_u64 {
        let offset = bytes.len() as u64;
        bytes.extend(vec![u8::try_from(n).expect("small"); 1_000]);
        entries.push(Entry::Fragment {
            track,
            offset,
            bytes: 1_000,
            from_ms: n * 500,
            duration_ms: 500,
            key: n % 4 == 0,
            chain: String::new(),
        });
    }
    entries.push(Entry::Close { track, bytes: bytes.len() as u64, sha256: Some(hex::encode(Sha256::digest(&bytes))) });
    let journal: String = entries.iter().map(|entry| serde_json::to_string(entry).expect("JSON") + "\n").collect();
    std::fs::write(folder.join("journal.jsonl"), journal).expect("a journal");
    std::fs::write(folder.join(file), &bytes).expect("a file");
    bytes
}
