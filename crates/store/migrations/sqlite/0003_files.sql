-- Files and folders. Their ids count up and are never used twice: callers of the netdisk keep them.
CREATE TABLE folders (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_id BLOB NOT NULL REFERENCES tenants (id),
    parent_id INTEGER,
    -- With a slash at both ends: '/', '/2018/'.
    path TEXT NOT NULL,
    created_at TEXT NOT NULL,
    -- When something in it was listed or deleted last; whoever changes it holds this row.
    changed_at TEXT NOT NULL,
    -- How many files were ever listed in it: the next ordinal.
    listed INTEGER NOT NULL CHECK (listed >= 0),
    UNIQUE (tenant_id, id),
    UNIQUE (tenant_id, path),
    FOREIGN KEY (tenant_id, parent_id) REFERENCES folders (tenant_id, id),
    CHECK ((parent_id IS NULL) = (path = '/'))
) STRICT;
CREATE INDEX folders_by_parent ON folders (parent_id, path);

CREATE TABLE files (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_id BLOB NOT NULL,
    folder_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('upload', 'interview', 'self_service', 'counter', 'assistance', 'meeting')),
    recording_id BLOB,
    business_no TEXT,
    created_at TEXT NOT NULL,
    -- Dense in the folder, in the order of listed_at; with it come the bytes.
    ordinal INTEGER CHECK (ordinal >= 0),
    listed_at TEXT,
    object_key TEXT,
    size_bytes INTEGER CHECK (size_bytes >= 0),
    sha256 BLOB CHECK (length(sha256) = 32),
    media_type TEXT,
    retain_until TEXT,
    retain_reason TEXT,
    held_at TEXT,
    hold_reason TEXT,
    link_revision INTEGER NOT NULL CHECK (link_revision >= 0),
    deleted_at TEXT,
    FOREIGN KEY (tenant_id, folder_id) REFERENCES folders (tenant_id, id),
    FOREIGN KEY (tenant_id, recording_id) REFERENCES recordings (tenant_id, id),
    CHECK ((ordinal IS NULL) = (listed_at IS NULL)),
    CHECK ((ordinal IS NULL) = (object_key IS NULL)),
    CHECK ((ordinal IS NULL) = (size_bytes IS NULL)),
    CHECK ((ordinal IS NULL) = (sha256 IS NULL)),
    CHECK ((ordinal IS NULL) = (media_type IS NULL)),
    CHECK ((retain_until IS NULL) = (retain_reason IS NULL)),
    CHECK ((held_at IS NULL) = (hold_reason IS NULL))
) STRICT;
CREATE UNIQUE INDEX files_by_name ON files (folder_id, name) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX files_by_recording ON files (recording_id) WHERE recording_id IS NOT NULL;
CREATE INDEX files_by_ordinal ON files (folder_id, ordinal, deleted_at);
CREATE INDEX files_by_moment ON files (folder_id, listed_at, ordinal);
CREATE INDEX files_deleted ON files (folder_id, deleted_at, ordinal) WHERE deleted_at IS NOT NULL;

-- How many of the files with ordinals from block * 1024 on are not deleted.
CREATE TABLE file_blocks (
    folder_id INTEGER NOT NULL REFERENCES folders (id),
    block INTEGER NOT NULL CHECK (block >= 0),
    present INTEGER NOT NULL CHECK (present BETWEEN 0 AND 1024),
    PRIMARY KEY (folder_id, block)
) STRICT;

-- Bytes of files that are not deleted.
CREATE TABLE file_usage (
    tenant_id BLOB PRIMARY KEY REFERENCES tenants (id),
    uploaded_bytes INTEGER NOT NULL CHECK (uploaded_bytes >= 0),
    recorded_bytes INTEGER NOT NULL CHECK (recorded_bytes >= 0)
) STRICT;

CREATE TABLE tombstones (
    file_id INTEGER PRIMARY KEY REFERENCES files (id),
    tenant_id BLOB NOT NULL REFERENCES tenants (id),
    -- Text, so that it reads back byte for byte as it was signed.
    body TEXT NOT NULL CHECK (json_valid(body)),
    signature BLOB NOT NULL CHECK (length(signature) = 64),
    public_key BLOB NOT NULL CHECK (length(public_key) = 32)
) STRICT;
