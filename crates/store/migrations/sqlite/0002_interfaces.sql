-- Credentials of a tenant's business systems at the faces. Secrets are sealed under the installation's key, since the
-- MD5 recipes of the documents need them readable; what is only compared is kept as its SHA-256.
CREATE TABLE interfaces (
    tenant_id BLOB PRIMARY KEY REFERENCES tenants (id),
    ent_id INTEGER NOT NULL UNIQUE,
    comp_id INTEGER NOT NULL UNIQUE,
    app_id TEXT NOT NULL UNIQUE,
    api_id TEXT NOT NULL,
    meeting_auth_hash BLOB UNIQUE CHECK (length(meeting_auth_hash) = 32),
    meeting_key_hash BLOB NOT NULL UNIQUE CHECK (length(meeting_key_hash) = 32),
    sealed BLOB NOT NULL,
    switches TEXT NOT NULL CHECK (json_valid(switches))
) STRICT;
