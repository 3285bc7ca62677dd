-- The one film of a recording with everybody in it. The row is there from the recording's stop on, the film when it is whole.

CREATE TABLE films (
    recording_id uuid PRIMARY KEY,
    tenant_id uuid NOT NULL,
    -- The newest job that draws it.
    job_id uuid NOT NULL REFERENCES jobs (id),
    object_key text COLLATE "C" UNIQUE,
    duration_ms bigint CHECK (duration_ms >= 0),
    size_bytes bigint CHECK (size_bytes >= 0),
    sha256 bytea CHECK (length(sha256) = 32),
    composed_at timestamptz,
    FOREIGN KEY (tenant_id, recording_id) REFERENCES recordings (tenant_id, id),
    CHECK ((object_key IS NULL) = (duration_ms IS NULL)),
    CHECK ((object_key IS NULL) = (size_bytes IS NULL)),
    CHECK ((object_key IS NULL) = (sha256 IS NULL)),
    CHECK ((object_key IS NULL) = (composed_at IS NULL))
);

-- What is noted of a queue beside what it does.
CREATE TABLE queue_notes (
    queue_id uuid PRIMARY KEY REFERENCES queues (id),
    description text COLLATE "C" NOT NULL,
    for_all boolean NOT NULL,
    changed_at timestamptz
);
