-- Double recording at the counter: who was led to the page, what was recorded, what is still being uploaded, what is read out.

CREATE TABLE counter_visits (
    id uuid PRIMARY KEY,
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    operator_id text NOT NULL,
    operator_name text NOT NULL,
    sitters text NOT NULL CHECK (sitters::json IS NOT NULL),
    tabs text NOT NULL CHECK (tabs::json IS NOT NULL),
    ticket_hash bytea NOT NULL UNIQUE CHECK (length(ticket_hash) = 32),
    created_at timestamptz NOT NULL,
    token_hash bytea UNIQUE CHECK (length(token_hash) = 32),
    csrf_token text,
    opened_at timestamptz,
    CHECK ((token_hash IS NULL) = (opened_at IS NULL)),
    CHECK ((csrf_token IS NULL) = (opened_at IS NULL))
);
CREATE INDEX counter_visits_by_age ON counter_visits (created_at);

-- Which random words of signed calls have been used, for as long as their time would be accepted.
CREATE TABLE caller_nonces (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    nonce text COLLATE "C" NOT NULL,
    used_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, nonce)
);
CREATE INDEX caller_nonces_by_age ON caller_nonces (used_at);

-- Which video types of an order are asked for: a tab of the page that may record.
CREATE TABLE take_types (
    tenant_id uuid NOT NULL,
    order_id uuid NOT NULL,
    video_type text COLLATE "C" NOT NULL,
    asked_at timestamptz NOT NULL,
    PRIMARY KEY (order_id, video_type),
    FOREIGN KEY (tenant_id, order_id) REFERENCES orders (tenant_id, id)
);

CREATE TABLE takes (
    id uuid PRIMARY KEY,
    tenant_id uuid NOT NULL,
    order_id uuid NOT NULL,
    video_type text COLLATE "C" NOT NULL,
    operator_id text NOT NULL,
    operator_name text NOT NULL,
    again text,
    began_at timestamptz NOT NULL,
    state text NOT NULL CHECK (state IN ('waiting', 'recording', 'uploading', 'uploaded', 'failed')),
    -- Without a foreign key: it is noted when the recorder is asked to begin, before the recording has a row.
    recording_id uuid,
    upload_id uuid,
    duration_ms bigint CHECK (duration_ms >= 0),
    ended_at timestamptz,
    failure text CHECK (failure IN ('disk', 'empty', 'upload_expired')),
    voided_at timestamptz,
    void_reason text,
    voided_by text,
    UNIQUE (tenant_id, id),
    UNIQUE (recording_id),
    FOREIGN KEY (tenant_id, order_id) REFERENCES orders (tenant_id, id),
    CHECK ((recording_id IS NULL) <> (upload_id IS NULL)),
    CHECK ((state = 'uploaded') = (duration_ms IS NOT NULL)),
    CHECK ((state IN ('uploaded', 'failed')) = (ended_at IS NOT NULL)),
    CHECK ((state = 'failed') = (failure IS NOT NULL)),
    CHECK ((voided_at IS NULL) = (void_reason IS NULL)),
    CHECK ((voided_at IS NULL) = (voided_by IS NULL))
);
CREATE INDEX takes_by_order ON takes (order_id, video_type, began_at);
-- A type of an order is recorded in one place at a time.
CREATE UNIQUE INDEX takes_live ON takes (order_id, video_type) WHERE state IN ('waiting', 'recording');

-- Takes that a browser kept. How much of one is there is told by its file, not by a column.
CREATE TABLE take_uploads (
    id uuid PRIMARY KEY,
    tenant_id uuid NOT NULL,
    take_id uuid NOT NULL UNIQUE,
    -- The browser's own name for it, so that asking twice makes one.
    local_id text COLLATE "C" NOT NULL,
    content_type text NOT NULL CHECK (content_type IN ('video/mp4', 'video/webm')),
    length_bytes bigint NOT NULL CHECK (length_bytes > 0),
    duration_ms bigint NOT NULL CHECK (duration_ms >= 0),
    sha256 bytea CHECK (length(sha256) = 32),
    object_key text COLLATE "C" NOT NULL UNIQUE,
    created_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    finished_at timestamptz,
    UNIQUE (tenant_id, id),
    UNIQUE (tenant_id, local_id),
    FOREIGN KEY (tenant_id, take_id) REFERENCES takes (tenant_id, id)
);
CREATE INDEX take_uploads_open ON take_uploads (ends_at) WHERE finished_at IS NULL;

CREATE TABLE video_scripts (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    video_type text COLLATE "C" NOT NULL,
    text text NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, video_type)
);
