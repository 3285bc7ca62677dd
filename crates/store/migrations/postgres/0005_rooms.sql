-- Meeting rooms. The number is dialled by people of any institution, so it is unique on the whole server while the room is there.
CREATE TABLE rooms (
    id uuid PRIMARY KEY,
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    number text COLLATE "C" NOT NULL,
    name text NOT NULL,
    -- Sealed under the installation's key: the owner may read the PINs again.
    host_pin bytea NOT NULL,
    guest_pin bytea NOT NULL,
    record_allowed boolean NOT NULL,
    live_allowed boolean NOT NULL,
    stays_open boolean NOT NULL,
    created_at timestamptz NOT NULL,
    deleted_at timestamptz,
    UNIQUE (tenant_id, id)
);
CREATE UNIQUE INDEX rooms_by_number ON rooms (number) WHERE deleted_at IS NULL;
CREATE INDEX rooms_by_tenant ON rooms (tenant_id, number);

-- Rooms without a queue that are open: what a restart opens again.
CREATE TABLE gatherings (
    room_id uuid PRIMARY KEY,
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    number text,
    name text NOT NULL,
    must_record boolean NOT NULL,
    stays_open boolean NOT NULL,
    may_record boolean NOT NULL,
    opened_at timestamptz NOT NULL,
    locked_at timestamptz,
    -- The recording that is wanted. Without a foreign key, as an interview's.
    recording_id uuid
);

-- Who may be in an open room. The ticket works on the device that used it first.
CREATE TABLE admissions (
    participant_id uuid PRIMARY KEY,
    room_id uuid NOT NULL REFERENCES gatherings (room_id) ON DELETE CASCADE,
    name text NOT NULL,
    role text NOT NULL CHECK (role IN ('customer', 'seat', 'guest', 'supervisor', 'host')),
    ticket_hash bytea NOT NULL UNIQUE CHECK (length(ticket_hash) = 32),
    device_hash bytea CHECK (length(device_hash) = 32),
    admitted_at timestamptz NOT NULL,
    UNIQUE (room_id, device_hash)
);

-- Rooms that are or were shown live, by the public code of their link.
CREATE TABLE broadcasts (
    id uuid PRIMARY KEY,
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    room_id uuid NOT NULL,
    code text COLLATE "C" NOT NULL UNIQUE,
    title text NOT NULL,
    started_at timestamptz NOT NULL,
    ended_at timestamptz
);
CREATE UNIQUE INDEX broadcasts_live ON broadcasts (room_id) WHERE ended_at IS NULL;

-- The tapes that a broadcast is played from, in their order. One that is not kept is no recording: it is swept afterwards.
CREATE TABLE broadcast_tapes (
    broadcast_id uuid NOT NULL REFERENCES broadcasts (id),
    recording_id uuid NOT NULL,
    folder text NOT NULL,
    started_at timestamptz NOT NULL,
    -- What lies before is not for those who watch.
    from_ms bigint NOT NULL CHECK (from_ms >= 0),
    kept boolean NOT NULL,
    swept_at timestamptz,
    PRIMARY KEY (broadcast_id, recording_id)
);

-- Somebody who hosts a meeting speaks in its recording.
ALTER TABLE speakers DROP CONSTRAINT speakers_role_check;
ALTER TABLE speakers
    ADD CONSTRAINT speakers_role_check CHECK (role IN ('customer', 'seat', 'guest', 'supervisor', 'host'));

CREATE INDEX recordings_by_room ON recordings (room_id, id);

-- A recording whose files were deleted stays behind as a row, so that what points at it still does.
ALTER TABLE recordings ADD COLUMN deleted_at timestamptz;
