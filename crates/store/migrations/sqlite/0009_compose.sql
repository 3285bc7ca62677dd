-- The one film of a recording with everybody in it. The row is there from the recording's stop on, the film when it is whole.

CREATE TABLE films (
    recording_id BLOB PRIMARY KEY,
    tenant_id BLOB NOT NULL,
    -- The newest job that draws it.
    job_id BLOB NOT NULL REFERENCES jobs (id),
    object_key TEXT UNIQUE,
    duration_ms INTEGER CHECK (duration_ms >= 0),
    size_bytes INTEGER CHECK (size_bytes >= 0),
    sha256 BLOB CHECK (length(sha256) = 32),
    composed_at TEXT,
    FOREIGN KEY (tenant_id, recording_id) REFERENCES recordings (tenant_id, id),
    CHECK ((object_key IS NULL) = (duration_ms IS NULL)),
    CHECK ((object_key IS NULL) = (size_bytes IS NULL)),
    CHECK ((object_key IS NULL) = (sha256 IS NULL)),
    CHECK ((object_key IS NULL) = (composed_at IS NULL))
) STRICT;

-- What is noted of a queue beside what it does.
CREATE TABLE queue_notes (
    queue_id BLOB PRIMARY KEY REFERENCES queues (id),
    description TEXT NOT NULL,
    for_all INTEGER NOT NULL CHECK (for_all IN (0, 1)),
    changed_at TEXT
) STRICT;
