-- The same tables and columns as in ../sqlite.
CREATE TABLE interfaces (
    tenant_id uuid PRIMARY KEY REFERENCES tenants (id),
    ent_id bigint NOT NULL UNIQUE,
    comp_id bigint NOT NULL UNIQUE,
    app_id text COLLATE "C" NOT NULL UNIQUE,
    api_id text NOT NULL,
    meeting_auth_hash bytea UNIQUE CHECK (length(meeting_auth_hash) = 32),
    meeting_key_hash bytea NOT NULL UNIQUE CHECK (length(meeting_key_hash) = 32),
    sealed bytea NOT NULL,
    switches text NOT NULL CHECK (switches::json IS NOT NULL)
);
