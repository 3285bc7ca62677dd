-- Meeting rooms. The number is dialled by people of any institution, so it is unique on the whole server while the room is there.
CREATE TABLE rooms (
    id BLOB PRIMARY KEY,
    tenant_id BLOB NOT NULL REFERENCES tenants (id),
    number TEXT NOT NULL,
    name TEXT NOT NULL,
    -- Sealed under the installation's key: the owner may read the PINs again.
    host_pin BLOB NOT NULL,
    guest_pin BLOB NOT NULL,
    record_allowed INTEGER NOT NULL CHECK (record_allowed IN (0, 1)),
    live_allowed INTEGER NOT NULL CHECK (live_allowed IN (0, 1)),
    stays_open INTEGER NOT NULL CHECK (stays_open IN (0, 1)),
    created_at TEXT NOT NULL,
    deleted_at TEXT,
    UNIQUE (tenant_id, id)
) STRICT;
CREATE UNIQUE INDEX rooms_by_number ON rooms (number) WHERE deleted_at IS NULL;
CREATE INDEX rooms_by_tenant ON rooms (tenant_id, number);

-- Rooms without a queue that are open: what a restart opens again.
CREATE TABLE gatherings (
    room_id BLOB PRIMARY KEY,
    tenant_id BLOB NOT NULL REFERENCES tenants (id),
    number TEXT,
    name TEXT NOT NULL,
    must_record INTEGER NOT NULL CHECK (must_record IN (0, 1)),
    stays_open INTEGER NOT NULL CHECK (stays_open IN (0, 1)),
    may_record INTEGER NOT NULL CHECK (may_record IN (0, 1)),
    opened_at TEXT NOT NULL,
    locked_at TEXT,
    -- The recording that is wanted. Without a foreign key, as an interview's.
    recording_id BLOB
) STRICT;

-- Who may be in an open room. The ticket works on the device that used it first.
CREATE TABLE admissions (
    participant_id BLOB PRIMARY KEY,
    room_id BLOB NOT NULL REFERENCES gatherings (room_id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('customer', 'seat', 'guest', 'supervisor', 'host')),
    ticket_hash BLOB NOT NULL UNIQUE CHECK (length(ticket_hash) = 32),
    device_hash BLOB CHECK (length(device_hash) = 32),
    admitted_at TEXT NOT NULL,
    UNIQUE (room_id, device_hash)
) STRICT;

-- Rooms that are or were shown live, by the public code of their link.
CREATE TABLE broadcasts (
    id BLOB PRIMARY KEY,
    tenant_id BLOB NOT NULL REFERENCES tenants (id),
    room_id BLOB NOT NULL,
    code TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    started_at TEXT NOT NULL,
    ended_at TEXT
) STRICT;
CREATE UNIQUE INDEX broadcasts_live ON broadcasts (room_id) WHERE ended_at IS NULL;

-- The tapes that a broadcast is played from, in their order. One that is not kept is no recording: it is swept afterwards.
CREATE TABLE broadcast_tapes (
    broadcast_id BLOB NOT NULL REFERENCES broadcasts (id),
    recording_id BLOB NOT NULL,
    folder TEXT NOT NULL,
    started_at TEXT NOT NULL,
    -- What lies before is not for those who watch.
    from_ms INTEGER NOT NULL CHECK (from_ms >= 0),
    kept INTEGER NOT NULL CHECK (kept IN (0, 1)),
    swept_at TEXT,
    PRIMARY KEY (broadcast_id, recording_id)
) STRICT;

-- Somebody who hosts a meeting speaks in its recording.
CREATE TABLE speakers_with_hosts (
    recording_id BLOB NOT NULL REFERENCES recordings (id),
    participant_id BLOB NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('customer', 'seat', 'guest', 'supervisor', 'host')),
    PRIMARY KEY (recording_id, participant_id)
) STRICT;
INSERT INTO speakers_with_hosts SELECT recording_id, participant_id, name, role FROM speakers;
DROP TABLE speakers;
ALTER TABLE speakers_with_hosts RENAME TO speakers;

CREATE INDEX recordings_by_room ON recordings (room_id, id);

-- A recording whose files were deleted stays behind as a row, so that what points at it still does.
ALTER TABLE recordings ADD COLUMN deleted_at TEXT;
