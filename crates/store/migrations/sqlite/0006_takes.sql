-- Double recording at the counter: who was led to the page, what was recorded, what is still being uploaded, what is read out.

CREATE TABLE counter_visits (
    id BLOB PRIMARY KEY,
    tenant_id BLOB NOT NULL REFERENCES tenants (id),
    operator_id TEXT NOT NULL,
    operator_name TEXT NOT NULL,
    sitters TEXT NOT NULL CHECK (json_valid(sitters)),
    tabs TEXT NOT NULL CHECK (json_valid(tabs)),
    ticket_hash BLOB NOT NULL UNIQUE CHECK (length(ticket_hash) = 32),
    created_at TEXT NOT NULL,
    token_hash BLOB UNIQUE CHECK (length(token_hash) = 32),
    csrf_token TEXT,
    opened_at TEXT,
    CHECK ((token_hash IS NULL) = (opened_at IS NULL)),
    CHECK ((csrf_token IS NULL) = (opened_at IS NULL))
) STRICT;
CREATE INDEX counter_visits_by_age ON counter_visits (created_at);

-- Which random words of signed calls have been used, for as long as their time would be accepted.
CREATE TABLE caller_nonces (
    tenant_id BLOB NOT NULL REFERENCES tenants (id),
    nonce TEXT NOT NULL,
    used_at TEXT NOT NULL,
    PRIMARY KEY (tenant_id, nonce)
) STRICT;
CREATE INDEX caller_nonces_by_age ON caller_nonces (used_at);

-- Which video types of an order are asked for: a tab of the page that may record.
CREATE TABLE take_types (
    tenant_id BLOB NOT NULL,
    order_id BLOB NOT NULL,
    video_type TEXT NOT NULL,
    asked_at TEXT NOT NULL,
    PRIMARY KEY (order_id, video_type),
    FOREIGN KEY (tenant_id, order_id) REFERENCES orders (tenant_id, id)
) STRICT;

CREATE TABLE takes (
    id BLOB PRIMARY KEY,
    tenant_id BLOB NOT NULL,
    order_id BLOB NOT NULL,
    video_type TEXT NOT NULL,
    operator_id TEXT NOT NULL,
    operator_name TEXT NOT NULL,
    again TEXT,
    began_at TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'recording', 'uploading', 'uploaded', 'failed')),
    -- Without a foreign key: it is noted when the recorder is asked to begin, before the recording has a row.
    recording_id BLOB,
    upload_id BLOB,
    duration_ms INTEGER CHECK (duration_ms >= 0),
    ended_at TEXT,
    failure TEXT CHECK (failure IN ('disk', 'empty', 'upload_expired')),
    voided_at TEXT,
    void_reason TEXT,
    voided_by TEXT,
    UNIQUE (tenant_id, id),
    UNIQUE (recording_id),
    FOREIGN KEY (tenant_id, order_id) REFERENCES orders (tenant_id, id),
    CHECK ((recording_id IS NULL) <> (upload_id IS NULL)),
    CHECK ((state = 'uploaded') = (duration_ms IS NOT NULL)),
    CHECK ((state IN ('uploaded', 'failed')) = (ended_at IS NOT NULL)),
    CHECK ((state = 'failed') = (failure IS NOT NULL)),
    CHECK ((voided_at IS NULL) = (void_reason IS NULL)),
    CHECK ((voided_at IS NULL) = (voided_by IS NULL))
) STRICT;
CREATE INDEX takes_by_order ON takes (order_id, video_type, began_at);
-- A type of an order is recorded in one place at a time.
CREATE UNIQUE INDEX takes_live ON takes (order_id, video_type) WHERE state IN ('waiting', 'recording');

-- Takes that a browser kept. How much of one is there is told by its file, not by a column.
CREATE TABLE take_uploads (
    id BLOB PRIMARY KEY,
    tenant_id BLOB NOT NULL,
    take_id BLOB NOT NULL UNIQUE,
    -- The browser's own name for it, so that asking twice makes one.
    local_id TEXT NOT NULL,
    content_type TEXT NOT NULL CHECK (content_type IN ('video/mp4', 'video/webm')),
    length_bytes INTEGER NOT NULL CHECK (length_bytes > 0),
    duration_ms INTEGER NOT NULL CHECK (duration_ms >= 0),
    sha256 BLOB CHECK (length(sha256) = 32),
    object_key TEXT NOT NULL UNIQUE,
    created_at TEXT NOT NULL,
    ends_at TEXT NOT NULL,
    finished_at TEXT,
    UNIQUE (tenant_id, id),
    UNIQUE (tenant_id, local_id),
    FOREIGN KEY (tenant_id, take_id) REFERENCES takes (tenant_id, id)
) STRICT;
CREATE INDEX take_uploads_open ON take_uploads (ends_at) WHERE finished_at IS NULL;

CREATE TABLE video_scripts (
    tenant_id BLOB NOT NULL REFERENCES tenants (id),
    video_type TEXT NOT NULL,
    text TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    PRIMARY KEY (tenant_id, video_type)
) STRICT;
