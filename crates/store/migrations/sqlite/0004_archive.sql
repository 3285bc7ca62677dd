-- The archive of image material. Rows are not deleted, but for temporary files that no deposit named; what is taken back says so.

-- One row a tenant: whoever changes accounts, deposits or the bitmaps holds it until the end of the transaction, so that
-- ordinals have no holes and no bit is lost.
CREATE TABLE archive_tenants (
    tenant_id BLOB PRIMARY KEY REFERENCES tenants (id),
    next_ordinal INTEGER NOT NULL CHECK (next_ordinal >= 0)
) STRICT;

CREATE TABLE archive_codes (
    tenant_id BLOB NOT NULL REFERENCES tenants (id),
    table_name TEXT NOT NULL CHECK (table_name IN ('ACCT_BIZ_TYP', 'ACCT_CUST_TYP', 'ID_TYP', 'MATERIAL')),
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    position INTEGER NOT NULL,
    removed_at TEXT,
    PRIMARY KEY (tenant_id, table_name, code)
) STRICT;

CREATE TABLE archive_clients (
    tenant_id BLOB NOT NULL REFERENCES tenants (id),
    number TEXT NOT NULL,
    name TEXT NOT NULL,
    issued_at TEXT NOT NULL,
    revoked_at TEXT,
    PRIMARY KEY (tenant_id, number)
) STRICT;

CREATE TABLE archive_customers (
    id BLOB PRIMARY KEY,
    tenant_id BLOB NOT NULL REFERENCES tenants (id),
    kind TEXT NOT NULL CHECK (kind IN ('0', '1')),
    name TEXT NOT NULL,
    full_name TEXT,
    department_id BLOB NOT NULL,
    id_type TEXT NOT NULL,
    id_no TEXT NOT NULL,
    extra_code TEXT NOT NULL,
    tax_no TEXT,
    license_no TEXT,
    created_at TEXT NOT NULL,
    src_type TEXT,
    aml_risk_code TEXT,
    aml_risk_name TEXT,
    UNIQUE (tenant_id, id),
    UNIQUE (tenant_id, id_type, id_no, extra_code),
    FOREIGN KEY (tenant_id, department_id) REFERENCES departments (tenant_id, id)
) STRICT;

CREATE TABLE archive_accounts (
    id BLOB PRIMARY KEY,
    tenant_id BLOB NOT NULL REFERENCES tenants (id),
    ordinal INTEGER NOT NULL CHECK (ordinal >= 0),
    customer_id BLOB NOT NULL,
    department_id BLOB NOT NULL,
    number TEXT NOT NULL,
    biz_type TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('0', '1')),
    name TEXT NOT NULL,
    full_name TEXT,
    customer_type TEXT NOT NULL,
    opened_on TEXT NOT NULL,
    written_off_on TEXT,
    src_type TEXT,
    category TEXT CHECK (json_valid(category)),
    labels TEXT NOT NULL CHECK (json_valid(labels)),
    created_at TEXT NOT NULL,
    UNIQUE (tenant_id, id),
    UNIQUE (tenant_id, ordinal),
    UNIQUE (tenant_id, number, biz_type),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES archive_customers (tenant_id, id),
    FOREIGN KEY (tenant_id, department_id) REFERENCES departments (tenant_id, id)
) STRICT;
CREATE INDEX archive_accounts_by_customer ON archive_accounts (customer_id);
CREATE INDEX archive_accounts_by_name ON archive_accounts (tenant_id, name);

CREATE TABLE archive_files (
    id BLOB PRIMARY KEY,
    tenant_id BLOB NOT NULL REFERENCES tenants (id),
    object_key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    content_type TEXT NOT NULL,
    size_bytes INTEGER NOT NULL CHECK (size_bytes >= 0),
    sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
    uploader TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    expires_at TEXT,
    UNIQUE (tenant_id, id)
) STRICT;

CREATE TABLE archive_deposits (
    id BLOB PRIMARY KEY,
    tenant_id BLOB NOT NULL REFERENCES tenants (id),
    account_id BLOB,
    customer_id BLOB,
    client TEXT,
    recording_id BLOB,
    title TEXT,
    business_id TEXT,
    extras TEXT,
    -- With commas between them.
    codes TEXT NOT NULL,
    filed_at TEXT NOT NULL,
    received_at TEXT NOT NULL,
    submitter_id BLOB,
    discarded_at TEXT,
    discard_employee TEXT,
    discard_reason TEXT,
    post_business_id TEXT,
    post_msg TEXT,
    UNIQUE (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES archive_accounts (tenant_id, id),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES archive_customers (tenant_id, id),
    FOREIGN KEY (tenant_id, client) REFERENCES archive_clients (tenant_id, number),
    FOREIGN KEY (tenant_id, recording_id) REFERENCES recordings (tenant_id, id),
    FOREIGN KEY (tenant_id, submitter_id) REFERENCES users (tenant_id, id),
    CHECK ((account_id IS NULL) <> (customer_id IS NULL)),
    CHECK ((client IS NULL) <> (recording_id IS NULL)),
    CHECK ((discarded_at IS NULL) = (discard_reason IS NULL)),
    CHECK ((discarded_at IS NULL) = (discard_employee IS NULL))
) STRICT;
CREATE INDEX archive_deposits_by_account ON archive_deposits (account_id, id) WHERE account_id IS NOT NULL;
CREATE INDEX archive_deposits_by_customer ON archive_deposits (customer_id, id) WHERE customer_id IS NOT NULL;

CREATE TABLE archive_materials (
    -- The document wants a number.
    number INTEGER PRIMARY KEY,
    deposit_id BLOB NOT NULL REFERENCES archive_deposits (id),
    position INTEGER NOT NULL CHECK (position >= 0),
    code TEXT NOT NULL,
    UNIQUE (deposit_id, position)
) STRICT;

CREATE TABLE archive_material_files (
    material INTEGER NOT NULL REFERENCES archive_materials (number),
    position INTEGER NOT NULL CHECK (position >= 0),
    file_id BLOB NOT NULL REFERENCES archive_files (id),
    PRIMARY KEY (material, position)
) STRICT;
CREATE INDEX archive_material_files_by_file ON archive_material_files (file_id);

-- Which accounts have what: one roaring bitmap of ordinals for each 65,536 accounts and each value.
CREATE TABLE archive_bits (
    tenant_id BLOB NOT NULL REFERENCES tenants (id),
    dimension TEXT NOT NULL CHECK (dimension IN ('material', 'department', 'biz_type', 'customer_type')),
    value TEXT NOT NULL,
    shard INTEGER NOT NULL CHECK (shard >= 0),
    bits BLOB NOT NULL,
    PRIMARY KEY (tenant_id, dimension, value, shard)
) STRICT;

-- The day of opening of 4,096 accounts after each other, as days since 1970 in two bytes each.
CREATE TABLE archive_days (
    tenant_id BLOB NOT NULL REFERENCES tenants (id),
    chunk INTEGER NOT NULL CHECK (chunk >= 0),
    days BLOB NOT NULL,
    PRIMARY KEY (tenant_id, chunk)
) STRICT;

-- What a tenant begins with, for those that are there already; a new one gets it when it is made.
INSERT INTO archive_codes (tenant_id, table_name, code, name, position)
WITH beginning (table_name, code, name, position) AS (
    VALUES
    ('ACCT_BIZ_TYP', '0', '经纪', 0),
    ('ACCT_BIZ_TYP', '1', '居间', 1),
    ('ACCT_BIZ_TYP', '2', '资产管理', 2),
    ('ACCT_BIZ_TYP', '3', '投资咨询', 3),
    ('ACCT_BIZ_TYP', '4', '股票期权', 4),
    ('ACCT_BIZ_TYP', '5', '风险管理', 5),
    ('ACCT_BIZ_TYP', '9', '其他', 6),
    ('ACCT_CUST_TYP', '0', '自然人', 0),
    ('ACCT_CUST_TYP', '1', '法人', 1),
    ('ACCT_CUST_TYP', '2', '投资基金', 2),
    ('ACCT_CUST_TYP', '3', '特殊法人', 3),
    ('ACCT_CUST_TYP', '4', '资管户', 4),
    ('ID_TYP', '0', '组织机构代码', 0),
    ('ID_TYP', '1', '身份证', 1),
    ('ID_TYP', '2', '军官证', 2),
    ('ID_TYP', '3', '警官证', 3),
    ('ID_TYP', '4', '士兵证', 4),
    ('ID_TYP', '5', '户口簿', 5),
    ('ID_TYP', '6', '护照', 6),
    ('ID_TYP', '7', '台胞证', 7),
    ('ID_TYP', '8', '回乡证', 8),
    ('ID_TYP', '9', '营业执照号', 9),
    ('ID_TYP', 'A', '税务登记号', 10),
    ('ID_TYP', 'B', '港澳居民来往内地通行证', 11),
    ('ID_TYP', 'C', '台湾居民来往大陆通行证', 12),
    ('ID_TYP', 'D', '驾照', 13),
    ('ID_TYP', 'F', '当地社保ID', 14),
    ('ID_TYP', 'G', '当地身份证', 15),
    ('ID_TYP', 'H', '商业登记证', 16),
    ('ID_TYP', 'I', '港澳永久性居民身份证', 17),
    ('ID_TYP', 'J', '人行开户许可证', 18),
    ('ID_TYP', 'K', '外国人永久居留证', 19),
    ('ID_TYP', 'L', '资管产品备案函', 20),
    ('ID_TYP', 'M', '港澳台居民居住证', 21),
    ('ID_TYP', 'N', '统一社会信用代码', 22),
    ('ID_TYP', 'O', '机构成立证明文件', 23),
    ('ID_TYP', 'x', '其他', 24),
    ('MATERIAL', 'ID_FRONT', '身份证正面', 0),
    ('MATERIAL', 'ID_BACK', '身份证反面', 1),
    ('MATERIAL', 'HEAD_PHOTO', '头像', 2),
    ('MATERIAL', 'HAND_ID', '手持证件照', 3),
    ('MATERIAL', 'SITE_PHOTO', '现场照片', 4),
    ('MATERIAL', 'CONTRACT', '合同', 5),
    ('MATERIAL', 'SIGNATURE', '签名', 6),
    ('MATERIAL', 'RISK_NOTICE', '风险揭示书', 7),
    ('MATERIAL', 'INTERVIEW_VIDEO', '面签视频', 8),
    ('MATERIAL', 'OTHER', '其他', 9)
)
SELECT t.id, b.table_name, b.code, b.name, b.position FROM tenants t CROSS JOIN beginning b;
