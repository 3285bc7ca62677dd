-- The same tables and columns as in ../sqlite.
CREATE TABLE kept_answers (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    key text COLLATE "C" NOT NULL,
    request_hash bytea NOT NULL CHECK (length(request_hash) = 32),
    claimed_at timestamptz NOT NULL,
    answer bytea,
    PRIMARY KEY (tenant_id, key)
);

CREATE INDEX kept_answers_by_age ON kept_answers (claimed_at);
