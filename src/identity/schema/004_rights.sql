-- Passwords that were, so that the last ones are not taken again.
CREATE TABLE identity_old_password (
    account BIGINT NOT NULL,
    id BIGINT NOT NULL,
    password TEXT NOT NULL,
    PRIMARY KEY (account, id)
);

-- The second factor: a secret of RFC 6238, encrypted. It counts from confirmed_at on; codes of last_step and before are used.
CREATE TABLE identity_factor (
    account BIGINT NOT NULL PRIMARY KEY,
    secret TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    confirmed_at BIGINT NOT NULL,
    last_step BIGINT NOT NULL
);

-- Codes for the day the phone is lost; digest: SHA-256, hex.
CREATE TABLE identity_recovery (
    account BIGINT NOT NULL,
    digest TEXT NOT NULL,
    used_at BIGINT NOT NULL,
    PRIMARY KEY (account, digest)
);

-- A program's token carries some grants of its owner (their ids with commas between), perhaps for reading alone. Tokens of
-- the purposes "reset" (a new password) and "challenge" (between password and code) work once.
ALTER TABLE identity_token ADD COLUMN grants TEXT NOT NULL DEFAULT '';
ALTER TABLE identity_token ADD COLUMN read_only INTEGER NOT NULL DEFAULT 0;
