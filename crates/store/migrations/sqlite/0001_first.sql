-- Ids are BLOBs of 16 bytes in the order of UUIDv7, moments are text such as 2026-11-23T12:00:00.000000Z (see moments in
-- value.rs), measures carry their unit in the name. The same tables and columns are in ../postgres.

CREATE TABLE tenants (
    id BLOB PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    zone_offset_s INTEGER NOT NULL,
    callback_url TEXT,
    callback_secret TEXT,
    created_at TEXT NOT NULL,
    CHECK ((callback_url IS NULL) = (callback_secret IS NULL))
) STRICT;

CREATE TABLE departments (
    id BLOB PRIMARY KEY,
    tenant_id BLOB NOT NULL REFERENCES tenants (id),
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    parent_id BLOB,
    UNIQUE (tenant_id, id),
    UNIQUE (tenant_id, code),
    FOREIGN KEY (tenant_id, parent_id) REFERENCES departments (tenant_id, id)
) STRICT;

CREATE TABLE api_keys (
    hash BLOB PRIMARY KEY CHECK (length(hash) = 32),
    tenant_id BLOB NOT NULL REFERENCES tenants (id),
    name TEXT NOT NULL,
    created_at TEXT NOT NULL,
    revoked_at TEXT
) STRICT;

CREATE TABLE users (
    id BLOB PRIMARY KEY,
    tenant_id BLOB NOT NULL REFERENCES tenants (id),
    login TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    department_id BLOB,
    -- Words with commas between them: nobody asks for the users of a role across a tenant that is not small.
    roles TEXT NOT NULL,
    password_hash TEXT,
    failures INTEGER NOT NULL DEFAULT 0,
    locked_until TEXT,
    -- Whoever points at a user of a tenant names the tenant as well, so that the engine itself refuses another's.
    UNIQUE (tenant_id, id),
    FOREIGN KEY (tenant_id, department_id) REFERENCES departments (tenant_id, id)
) STRICT;

CREATE TABLE sessions (
    id BLOB PRIMARY KEY,
    user_id BLOB NOT NULL REFERENCES users (id),
    token_hash BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    csrf_token TEXT NOT NULL,
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL
) STRICT;
CREATE INDEX sessions_by_end ON sessions (expires_at);

CREATE TABLE queues (
    id BLOB PRIMARY KEY,
    tenant_id BLOB NOT NULL REFERENCES tenants (id),
    number TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    priority INTEGER NOT NULL CHECK (priority BETWEEN 0 AND 255),
    hours TEXT NOT NULL,
    UNIQUE (tenant_id, id)
) STRICT;

CREATE TABLE memberships (
    tenant_id BLOB NOT NULL,
    queue_id BLOB NOT NULL,
    seat_id BLOB NOT NULL,
    priority INTEGER NOT NULL CHECK (priority BETWEEN 0 AND 255),
    PRIMARY KEY (queue_id, seat_id),
    FOREIGN KEY (tenant_id, queue_id) REFERENCES queues (tenant_id, id),
    FOREIGN KEY (tenant_id, seat_id) REFERENCES users (tenant_id, id)
) STRICT;
CREATE INDEX memberships_by_seat ON memberships (seat_id);

CREATE TABLE orders (
    id BLOB PRIMARY KEY,
    tenant_id BLOB NOT NULL REFERENCES tenants (id),
    business_no TEXT NOT NULL,
    product_name TEXT NOT NULL,
    queue_id BLOB NOT NULL,
    details TEXT NOT NULL CHECK (json_valid(details)),
    identity_check INTEGER NOT NULL CHECK (identity_check IN (0, 1)),
    created_at TEXT NOT NULL,
    UNIQUE (tenant_id, id),
    UNIQUE (tenant_id, business_no),
    FOREIGN KEY (tenant_id, queue_id) REFERENCES queues (tenant_id, id)
) STRICT;

CREATE TABLE people (
    id BLOB PRIMARY KEY,
    order_id BLOB NOT NULL REFERENCES orders (id),
    -- 0 is the main one.
    position INTEGER NOT NULL CHECK (position >= 0),
    role TEXT NOT NULL CHECK (role IN ('borrower', 'co_borrower', 'guarantor', 'spouse')),
    name TEXT NOT NULL,
    id_type TEXT NOT NULL,
    id_no TEXT NOT NULL,
    mobile TEXT NOT NULL,
    UNIQUE (order_id, id),
    UNIQUE (order_id, position)
) STRICT;

CREATE TABLE invitations (
    id BLOB PRIMARY KEY,
    tenant_id BLOB NOT NULL,
    order_id BLOB NOT NULL,
    person_id BLOB NOT NULL,
    code_hash BLOB NOT NULL UNIQUE CHECK (length(code_hash) = 32),
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    used_at TEXT,
    consent_recording_at TEXT,
    consent_face_at TEXT,
    consent_version TEXT,
    FOREIGN KEY (tenant_id, order_id) REFERENCES orders (tenant_id, id),
    FOREIGN KEY (order_id, person_id) REFERENCES people (order_id, id)
) STRICT;
CREATE INDEX invitations_by_order ON invitations (order_id);

CREATE TABLE interviews (
    id BLOB PRIMARY KEY,
    tenant_id BLOB NOT NULL,
    order_id BLOB NOT NULL,
    queue_id BLOB NOT NULL,
    number TEXT NOT NULL,
    room_id BLOB NOT NULL,
    joined_at TEXT NOT NULL,
    wait_ms INTEGER,
    -- Without a foreign key: it is noted when the recorder is asked to begin, before the recording has a row.
    recording_id BLOB,
    network_check TEXT CHECK (json_valid(network_check)),
    state TEXT NOT NULL CHECK (state IN ('waiting', 'ringing', 'in_call', 'abandoned', 'ended')),
    seat_id BLOB,
    answered_at TEXT,
    connected_at TEXT,
    abandoned_at TEXT,
    outcome TEXT CHECK (outcome IN ('verdict', 'hung_up', 'left_queue', 'recording_failed')),
    verdict TEXT CHECK (verdict IN ('pass', 'refuse', 'supplement')),
    reason TEXT,
    ended_at TEXT,
    UNIQUE (tenant_id, id),
    UNIQUE (tenant_id, number),
    FOREIGN KEY (tenant_id, order_id) REFERENCES orders (tenant_id, id),
    FOREIGN KEY (tenant_id, queue_id) REFERENCES queues (tenant_id, id),
    FOREIGN KEY (tenant_id, seat_id) REFERENCES users (tenant_id, id),
    CHECK (state <> 'waiting' OR seat_id IS NULL),
    CHECK (state <> 'ringing' OR seat_id IS NOT NULL),
    CHECK (state NOT IN ('in_call', 'abandoned') OR answered_at IS NOT NULL),
    CHECK (answered_at IS NULL OR seat_id IS NOT NULL),
    CHECK ((state = 'abandoned') = (abandoned_at IS NOT NULL)),
    CHECK ((state = 'ended') = (ended_at IS NOT NULL)),
    CHECK ((state = 'ended') = (outcome IS NOT NULL)),
    CHECK ((verdict IS NOT NULL) = (outcome IS NOT NULL AND outcome = 'verdict'))
) STRICT;
-- An order is seen in one place at a time.
CREATE UNIQUE INDEX interviews_live ON interviews (order_id) WHERE state IN ('waiting', 'ringing', 'in_call');
CREATE INDEX interviews_open ON interviews (id) WHERE state <> 'ended';
CREATE INDEX interviews_by_order ON interviews (order_id, id);
CREATE INDEX interviews_by_seat ON interviews (seat_id, id);

CREATE TABLE recordings (
    id BLOB PRIMARY KEY,
    tenant_id BLOB NOT NULL REFERENCES tenants (id),
    interview_id BLOB,
    room_id BLOB NOT NULL,
    folder TEXT NOT NULL UNIQUE,
    started_at TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('recording', 'stopped', 'failed')),
    duration_ms INTEGER CHECK (duration_ms >= 0),
    UNIQUE (tenant_id, id),
    FOREIGN KEY (tenant_id, interview_id) REFERENCES interviews (tenant_id, id),
    CHECK ((state = 'recording') = (duration_ms IS NULL))
) STRICT;
CREATE INDEX recordings_by_interview ON recordings (interview_id, id);
CREATE INDEX recordings_growing ON recordings (id) WHERE state = 'recording';

CREATE TABLE tracks (
    id BLOB PRIMARY KEY,
    recording_id BLOB NOT NULL REFERENCES recordings (id),
    participant_id BLOB NOT NULL,
    source TEXT NOT NULL CHECK (source IN ('camera', 'screen')),
    file TEXT NOT NULL,
    from_ms INTEGER NOT NULL CHECK (from_ms >= 0),
    duration_ms INTEGER CHECK (duration_ms >= 0),
    size_bytes INTEGER CHECK (size_bytes >= 0),
    sha256 BLOB CHECK (length(sha256) = 32),
    UNIQUE (recording_id, file),
    CHECK ((duration_ms IS NULL) = (size_bytes IS NULL)),
    CHECK ((duration_ms IS NULL) = (sha256 IS NULL))
) STRICT;

CREATE TABLE speakers (
    recording_id BLOB NOT NULL REFERENCES recordings (id),
    participant_id BLOB NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('customer', 'seat', 'guest', 'supervisor')),
    PRIMARY KEY (recording_id, participant_id)
) STRICT;

CREATE TABLE gaps (
    recording_id BLOB NOT NULL REFERENCES recordings (id),
    participant_id BLOB NOT NULL,
    source TEXT NOT NULL CHECK (source IN ('camera', 'screen')),
    from_ms INTEGER NOT NULL CHECK (from_ms >= 0),
    to_ms INTEGER NOT NULL CHECK (to_ms >= from_ms),
    reason TEXT NOT NULL CHECK (reason IN ('loss', 'camera_off', 'reconnect', 'restart')),
    PRIMARY KEY (recording_id, participant_id, source, from_ms)
) STRICT;

CREATE TABLE marks (
    recording_id BLOB NOT NULL REFERENCES recordings (id),
    at_ms INTEGER NOT NULL CHECK (at_ms >= 0),
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (recording_id, at_ms, kind, text)
) STRICT;

CREATE TABLE jobs (
    id BLOB PRIMARY KEY,
    tenant_id BLOB NOT NULL REFERENCES tenants (id),
    kind TEXT NOT NULL,
    -- Text, so that a body reads back byte for byte as it was signed.
    work TEXT NOT NULL CHECK (json_valid(work)),
    created_at TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'done', 'failed')),
    run_at TEXT NOT NULL,
    ended_at TEXT,
    attempts INTEGER NOT NULL CHECK (attempts >= 0),
    last_status INTEGER,
    last_error TEXT,
    CHECK ((state = 'pending') = (ended_at IS NULL))
) STRICT;
CREATE INDEX jobs_due ON jobs (run_at, id) WHERE state = 'pending';
CREATE INDEX jobs_by_tenant ON jobs (tenant_id, kind, id);

CREATE TABLE counters (
    tenant_id BLOB NOT NULL REFERENCES tenants (id),
    name TEXT NOT NULL,
    day TEXT NOT NULL,
    value INTEGER NOT NULL CHECK (value > 0),
    PRIMARY KEY (tenant_id, name, day)
) STRICT;

CREATE TABLE audit_lines (
    id BLOB PRIMARY KEY,
    tenant_id BLOB REFERENCES tenants (id),
    at TEXT NOT NULL,
    actor TEXT NOT NULL CHECK (actor IN ('user', 'system', 'person', 'link', 'stranger', 'server')),
    actor_id TEXT,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    detail TEXT CHECK (json_valid(detail)),
    address TEXT
) STRICT;
CREATE INDEX audit_lines_by_tenant ON audit_lines (tenant_id, id);

CREATE TRIGGER audit_lines_stay BEFORE UPDATE ON audit_lines
BEGIN
    SELECT RAISE(ABORT, 'an audit line is never changed');
END;
