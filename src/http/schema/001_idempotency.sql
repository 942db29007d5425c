-- First answers of requests that carried an Idempotency-Key; county is always 0 (keys belong to accounts).
CREATE TABLE http_idempotency (
    county INTEGER NOT NULL,
    account BIGINT NOT NULL,
    key TEXT NOT NULL,
    route TEXT NOT NULL,
    digest TEXT NOT NULL,
    status INTEGER NOT NULL,
    headers TEXT NOT NULL,
    body TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (county, account, key)
);
CREATE INDEX http_idempotency_at ON http_idempotency (county, at);
