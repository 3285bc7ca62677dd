-- Text messages: phone, text and link are sealed, since the link lets in whoever holds it. How far one is, the job of the same id knows.
CREATE TABLE messages (
    id BLOB PRIMARY KEY REFERENCES jobs (id),
    tenant_id BLOB NOT NULL,
    order_id BLOB NOT NULL,
    to_masked TEXT NOT NULL,
    to_hash BLOB NOT NULL CHECK (length(to_hash) = 32),
    sealed BLOB NOT NULL,
    created_at TEXT NOT NULL,
    FOREIGN KEY (tenant_id, order_id) REFERENCES orders (tenant_id, id)
) STRICT;
CREATE INDEX messages_by_tenant ON messages (tenant_id, id);
CREATE INDEX messages_by_phone ON messages (tenant_id, to_hash, id);

-- How a tenant's own servers are asked. Header values are sealed.
CREATE TABLE connectors (
    tenant_id BLOB NOT NULL REFERENCES tenants (id),
    kind TEXT NOT NULL CHECK (kind IN ('sms', 'order', 'product', 'identity', 'photo')),
    settings TEXT NOT NULL CHECK (json_valid(settings)),
    sealed BLOB NOT NULL,
    PRIMARY KEY (tenant_id, kind)
) STRICT;

-- What a seat reads of an order beside its people: product, enterprise, guarantors.
CREATE TABLE order_sheets (
    order_id BLOB PRIMARY KEY,
    tenant_id BLOB NOT NULL,
    sheet TEXT NOT NULL CHECK (json_valid(sheet)),
    updated_at TEXT NOT NULL,
    FOREIGN KEY (tenant_id, order_id) REFERENCES orders (tenant_id, id)
) STRICT;

-- One-time tokens with which a business system lets one of its people in.
CREATE TABLE embed_tokens (
    hash BLOB PRIMARY KEY CHECK (length(hash) = 32),
    tenant_id BLOB NOT NULL,
    user_id BLOB,
    return_url TEXT,
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    used_at TEXT,
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
) STRICT;
CREATE INDEX embed_tokens_by_end ON embed_tokens (expires_at);
