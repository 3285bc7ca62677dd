-- The same tables and columns as in ../sqlite. Words that are compared or sorted have the collation "C", so that their
-- order is that of their bytes, as in SQLite, whatever the cluster's locale.

CREATE TABLE tenants (
    id uuid PRIMARY KEY,
    code text COLLATE "C" NOT NULL UNIQUE,
    name text NOT NULL,
    zone_offset_s bigint NOT NULL,
    callback_url text,
    callback_secret text,
    created_at timestamptz NOT NULL,
    CHECK ((callback_url IS NULL) = (callback_secret IS NULL))
);

CREATE TABLE departments (
    id uuid PRIMARY KEY,
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    code text COLLATE "C" NOT NULL,
    name text NOT NULL,
    parent_id uuid,
    UNIQUE (tenant_id, id),
    UNIQUE (tenant_id, code),
    FOREIGN KEY (tenant_id, parent_id) REFERENCES departments (tenant_id, id)
);

CREATE TABLE api_keys (
    hash bytea PRIMARY KEY CHECK (length(hash) = 32),
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    name text NOT NULL,
    created_at timestamptz NOT NULL,
    revoked_at timestamptz
);

CREATE TABLE users (
    id uuid PRIMARY KEY,
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    login text COLLATE "C" NOT NULL UNIQUE,
    name text NOT NULL,
    department_id uuid,
    -- Words with commas between them: nobody asks for the users of a role across a tenant that is not small.
    roles text NOT NULL,
    password_hash text,
    failures bigint NOT NULL DEFAULT 0,
    locked_until timestamptz,
    -- Whoever points at a user of a tenant names the tenant as well, so that the engine itself refuses another's.
    UNIQUE (tenant_id, id),
    FOREIGN KEY (tenant_id, department_id) REFERENCES departments (tenant_id, id)
);

CREATE TABLE sessions (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id),
    token_hash bytea NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    csrf_token text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX sessions_by_end ON sessions (expires_at);

CREATE TABLE queues (
    id uuid PRIMARY KEY,
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    number text COLLATE "C" NOT NULL UNIQUE,
    name text NOT NULL,
    priority bigint NOT NULL CHECK (priority BETWEEN 0 AND 255),
    hours text NOT NULL,
    UNIQUE (tenant_id, id)
);

CREATE TABLE memberships (
    tenant_id uuid NOT NULL,
    queue_id uuid NOT NULL,
    seat_id uuid NOT NULL,
    priority bigint NOT NULL CHECK (priority BETWEEN 0 AND 255),
    PRIMARY KEY (queue_id, seat_id),
    FOREIGN KEY (tenant_id, queue_id) REFERENCES queues (tenant_id, id),
    FOREIGN KEY (tenant_id, seat_id) REFERENCES users (tenant_id, id)
);
CREATE INDEX memberships_by_seat ON memberships (seat_id);

CREATE TABLE orders (
    id uuid PRIMARY KEY,
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    business_no text COLLATE "C" NOT NULL,
    product_name text NOT NULL,
    queue_id uuid NOT NULL,
    details text NOT NULL CHECK (details::json IS NOT NULL),
    identity_check boolean NOT NULL,
    created_at timestamptz NOT NULL,
    UNIQUE (tenant_id, id),
    UNIQUE (tenant_id, business_no),
    FOREIGN KEY (tenant_id, queue_id) REFERENCES queues (tenant_id, id)
);

CREATE TABLE people (
    id uuid PRIMARY KEY,
    order_id uuid NOT NULL REFERENCES orders (id),
    -- 0 is the main one.
    position bigint NOT NULL CHECK (position >= 0),
    role text NOT NULL CHECK (role IN ('borrower', 'co_borrower', 'guarantor', 'spouse')),
    name text NOT NULL,
    id_type text NOT NULL,
    id_no text NOT NULL,
    mobile text NOT NULL,
    UNIQUE (order_id, id),
    UNIQUE (order_id, position)
);

CREATE TABLE invitations (
    id uuid PRIMARY KEY,
    tenant_id uuid NOT NULL,
    order_id uuid NOT NULL,
    person_id uuid NOT NULL,
    code_hash bytea NOT NULL UNIQUE CHECK (length(code_hash) = 32),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    consent_recording_at timestamptz,
    consent_face_at timestamptz,
    consent_version text,
    FOREIGN KEY (tenant_id, order_id) REFERENCES orders (tenant_id, id),
    FOREIGN KEY (order_id, person_id) REFERENCES people (order_id, id)
);
CREATE INDEX invitations_by_order ON invitations (order_id);

CREATE TABLE interviews (
    id uuid PRIMARY KEY,
    tenant_id uuid NOT NULL,
    order_id uuid NOT NULL,
    queue_id uuid NOT NULL,
    number text COLLATE "C" NOT NULL,
    room_id uuid NOT NULL,
    joined_at timestamptz NOT NULL,
    wait_ms bigint,
    -- Without a foreign key: it is noted when the recorder is asked to begin, before the recording has a row.
    recording_id uuid,
    network_check text CHECK (network_check IS NULL OR network_check::json IS NOT NULL),
    state text NOT NULL CHECK (state IN ('waiting', 'ringing', 'in_call', 'abandoned', 'ended')),
    seat_id uuid,
    answered_at timestamptz,
    connected_at timestamptz,
    abandoned_at timestamptz,
    outcome text CHECK (outcome IN ('verdict', 'hung_up', 'left_queue', 'recording_failed')),
    verdict text CHECK (verdict IN ('pass', 'refuse', 'supplement')),
    reason text,
    ended_at timestamptz,
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
);
-- An order is seen in one place at a time.
CREATE UNIQUE INDEX interviews_live ON interviews (order_id) WHERE state IN ('waiting', 'ringing', 'in_call');
CREATE INDEX interviews_open ON interviews (id) WHERE state <> 'ended';
CREATE INDEX interviews_by_order ON interviews (order_id, id);
CREATE INDEX interviews_by_seat ON interviews (seat_id, id);

CREATE TABLE recordings (
    id uuid PRIMARY KEY,
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    interview_id uuid,
    room_id uuid NOT NULL,
    folder text COLLATE "C" NOT NULL UNIQUE,
    started_at timestamptz NOT NULL,
    state text NOT NULL CHECK (state IN ('recording', 'stopped', 'failed')),
    duration_ms bigint CHECK (duration_ms >= 0),
    UNIQUE (tenant_id, id),
    FOREIGN KEY (tenant_id, interview_id) REFERENCES interviews (tenant_id, id),
    CHECK ((state = 'recording') = (duration_ms IS NULL))
);
CREATE INDEX recordings_by_interview ON recordings (interview_id, id);
CREATE INDEX recordings_growing ON recordings (id) WHERE state = 'recording';

CREATE TABLE tracks (
    id uuid PRIMARY KEY,
    recording_id uuid NOT NULL REFERENCES recordings (id),
    participant_id uuid NOT NULL,
    source text NOT NULL CHECK (source IN ('camera', 'screen')),
    file text COLLATE "C" NOT NULL,
    from_ms bigint NOT NULL CHECK (from_ms >= 0),
    duration_ms bigint CHECK (duration_ms >= 0),
    size_bytes bigint CHECK (size_bytes >= 0),
    sha256 bytea CHECK (length(sha256) = 32),
    UNIQUE (recording_id, file),
    CHECK ((duration_ms IS NULL) = (size_bytes IS NULL)),
    CHECK ((duration_ms IS NULL) = (sha256 IS NULL))
);

CREATE TABLE speakers (
    recording_id uuid NOT NULL REFERENCES recordings (id),
    participant_id uuid NOT NULL,
    name text NOT NULL,
    role text NOT NULL CHECK (role IN ('customer', 'seat', 'guest', 'supervisor')),
    PRIMARY KEY (recording_id, participant_id)
);

CREATE TABLE gaps (
    recording_id uuid NOT NULL REFERENCES recordings (id),
    participant_id uuid NOT NULL,
    source text NOT NULL CHECK (source IN ('camera', 'screen')),
    from_ms bigint NOT NULL CHECK (from_ms >= 0),
    to_ms bigint NOT NULL CHECK (to_ms >= from_ms),
    reason text NOT NULL CHECK (reason IN ('loss', 'camera_off', 'reconnect', 'restart')),
    PRIMARY KEY (recording_id, participant_id, source, from_ms)
);

CREATE TABLE marks (
    recording_id uuid NOT NULL REFERENCES recordings (id),
    at_ms bigint NOT NULL CHECK (at_ms >= 0),
    kind text COLLATE "C" NOT NULL,
    text text COLLATE "C" NOT NULL,
    PRIMARY KEY (recording_id, at_ms, kind, text)
);

CREATE TABLE jobs (
    id uuid PRIMARY KEY,
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    kind text COLLATE "C" NOT NULL,
    -- Text, so that a body reads back byte for byte as it was signed.
    work text NOT NULL CHECK (work::json IS NOT NULL),
    created_at timestamptz NOT NULL,
    state text NOT NULL CHECK (state IN ('pending', 'done', 'failed')),
    run_at timestamptz NOT NULL,
    ended_at timestamptz,
    attempts bigint NOT NULL CHECK (attempts >= 0),
    last_status bigint,
    last_error text,
    CHECK ((state = 'pending') = (ended_at IS NULL))
);
CREATE INDEX jobs_due ON jobs (run_at, id) WHERE state = 'pending';
CREATE INDEX jobs_by_tenant ON jobs (tenant_id, kind, id);

CREATE TABLE counters (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    name text COLLATE "C" NOT NULL,
    day text COLLATE "C" NOT NULL,
    value bigint NOT NULL CHECK (value > 0),
    PRIMARY KEY (tenant_id, name, day)
);

CREATE TABLE audit_lines (
    id uuid PRIMARY KEY,
    tenant_id uuid REFERENCES tenants (id),
    at timestamptz NOT NULL,
    actor text NOT NULL CHECK (actor IN ('user', 'system', 'person', 'link', 'stranger', 'server')),
    actor_id text,
    action text NOT NULL,
    subject text NOT NULL,
    subject_id text NOT NULL,
    detail text CHECK (detail IS NULL OR detail::json IS NOT NULL),
    address text
);
CREATE INDEX audit_lines_by_tenant ON audit_lines (tenant_id, id);

CREATE FUNCTION audit_lines_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an audit line is never changed';
END
$$;
CREATE TRIGGER audit_lines_stay BEFORE UPDATE ON audit_lines FOR EACH ROW EXECUTE FUNCTION audit_lines_stay();
