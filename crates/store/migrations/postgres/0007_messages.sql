-- The same tables and columns as in ../sqlite.
CREATE TABLE messages (
    id uuid PRIMARY KEY REFERENCES jobs (id),
    tenant_id uuid NOT NULL,
    order_id uuid NOT NULL,
    to_masked text NOT NULL,
    to_hash bytea NOT NULL CHECK (length(to_hash) = 32),
    sealed bytea NOT NULL,
    created_at timestamptz NOT NULL,
    FOREIGN KEY (tenant_id, order_id) REFERENCES orders (tenant_id, id)
);
CREATE INDEX messages_by_tenant ON messages (tenant_id, id);
CREATE INDEX messages_by_phone ON messages (tenant_id, to_hash, id);

CREATE TABLE connectors (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('sms', 'order', 'product', 'identity', 'photo')),
    settings text NOT NULL CHECK (settings::json IS NOT NULL),
    sealed bytea NOT NULL,
    PRIMARY KEY (tenant_id, kind)
);

CREATE TABLE order_sheets (
    order_id uuid PRIMARY KEY,
    tenant_id uuid NOT NULL,
    sheet text NOT NULL CHECK (sheet::json IS NOT NULL),
    updated_at timestamptz NOT NULL,
    FOREIGN KEY (tenant_id, order_id) REFERENCES orders (tenant_id, id)
);

CREATE TABLE embed_tokens (
    hash bytea PRIMARY KEY CHECK (length(hash) = 32),
    tenant_id uuid NOT NULL,
    user_id uuid,
    return_url text,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
);
CREATE INDEX embed_tokens_by_end ON embed_tokens (expires_at);
