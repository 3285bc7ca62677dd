//! What lies on the timeline of a recording beside its tracks: who speaks, where something is missing, what happened.
//! Whoever asks has found the recording first, and with it the tenant.

use mingjian_domain::error::Result;
use mingjian_domain::id::RecordingId;
use mingjian_domain::recording::{Gap, Mark, Speaker, SpeakerRole};

use crate::Tx;
use crate::failure::OrFault;
use crate::row::Row;
use crate::value::args;
use crate::words;

/// The speakers of a transaction.
pub struct Speakers<'t>(pub(crate) &'t mut Tx);

/// The gaps of a transaction.
pub struct Gaps<'t>(pub(crate) &'t mut Tx);

/// The marks of a transaction.
pub struct Marks<'t>(pub(crate) &'t mut Tx);

impl Speakers<'_> {
    /// Adds a speaker, or changes the name and role.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn upsert(&mut self, speaker: &Speaker) -> Result<()> {
        self.0
            .execute(
                "INSERT INTO speakers (recording_id, participant_id, name, role) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (recording_id, participant_id) DO UPDATE SET name = excluded.name, role = excluded.role",
                args![speaker.recording, speaker.participant, &speaker.name, speaker.role.word()],
            )
            .await
            .or_fault("noting a speaker")?;
        Ok(())
    }

    /// The recording's speakers.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn list(&mut self, recording: RecordingId) -> Result<Vec<Speaker>> {
        self.0
            .all(
                "SELECT recording_id, participant_id, name, role FROM speakers WHERE recording_id = $1 \
                 ORDER BY participant_id",
                args![recording],
                |row| {
                    Ok(Speaker {
                        recording: row.get("recording_id")?,
                        participant: row.get("participant_id")?,
                        name: row.get("name")?,
                        role: row.word("role", SpeakerRole::from_word)?,
                    })
                },
            )
            .await
            .or_fault("listing the speakers of a recording")
    }
}

impl Gaps<'_> {
    /// Adds a gap. One of the same participant, source and beginning is replaced: a recovery may tell it again.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn insert(&mut self, gap: &Gap) -> Result<()> {
        self.0
            .execute(
                "INSERT INTO gaps (recording_id, participant_id, source, from_ms, to_ms, reason) \
                 VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (recording_id, participant_id, source, from_ms) \
                 DO UPDATE SET to_ms = excluded.to_ms, reason = excluded.reason",
                args![
                    gap.recording,
                    gap.participant,
                    words::of_source(gap.source),
                    gap.from_ms,
                    gap.to_ms,
                    words::of_reason(gap.reason),
                ],
            )
            .await
            .or_fault("adding a gap")?;
        Ok(())
    }

    /// The recording's gaps, in the order of their beginnings.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn list(&mut self, recording: RecordingId) -> Result<Vec<Gap>> {
        self.0
            .all(
                "SELECT recording_id, participant_id, source, from_ms, to_ms, reason FROM gaps \
                 WHERE recording_id = $1 ORDER BY from_ms, participant_id, source",
                args![recording],
                read_gap,
            )
            .await
            .or_fault("listing the gaps of a recording")
    }
}

fn read_gap(row: &Row) -> sqlx::Result<Gap> {
    Ok(Gap {
        recording: row.get("recording_id")?,
        participant: row.get("participant_id")?,
        source: row.word("source", words::source)?,
        from_ms: row.get("from_ms")?,
        to_ms: row.get("to_ms")?,
        reason: row.word("reason", words::reason)?,
    })
}

impl Marks<'_> {
    /// Adds a mark. The same one a second time changes nothing.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn insert(&mut self, mark: &Mark) -> Result<()> {
        self.0
            .execute(
                "INSERT INTO marks (recording_id, at_ms, kind, text) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (recording_id, at_ms, kind, text) DO NOTHING",
                args![mark.recording, mark.at_ms, &mark.kind, &mark.text],
            )
            .await
            .or_fault("adding a mark")?;
        Ok(())
    }

    /// The recording's marks, in the order of time.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn list(&mut self, recording: RecordingId) -> Result<Vec<Mark>> {
        self.0
            .all(
                "SELECT recording_id, at_ms, kind, text FROM marks WHERE recording_id = $1 ORDER BY at_ms, kind, text",
                args![recording],
                |row| {
                    Ok(Mark {
                        recording: row.get("recording_id")?,
                        at_ms: row.get("at_ms")?,
                        kind: row.get("kind")?,
                        text: row.get("text")?,
                    })
                },
            )
            .await
            .or_fault("listing the marks of a recording")
    }
}
