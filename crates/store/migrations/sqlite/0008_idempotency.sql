-- Requests that came with an Idempotency-Key, and what they were answered. The answer is sealed under the installation's
-- key, since it may hold a link or a secret that is told once; it is NULL while the request is being worked on.
CREATE TABLE kept_answers (
    tenant_id BLOB NOT NULL REFERENCES tenants (id),
    key TEXT NOT NULL,
    request_hash BLOB NOT NULL CHECK (length(request_hash) = 32),
    claimed_at TEXT NOT NULL,
    answer BLOB,
    PRIMARY KEY (tenant_id, key)
) STRICT;

CREATE INDEX kept_answers_by_age ON kept_answers (claimed_at);
