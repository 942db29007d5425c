-- Who works here. Reference tables: the same for every county. Instants are UTC milliseconds; 0 = none.

CREATE TABLE identity_account (
    id BIGINT NOT NULL PRIMARY KEY,
    login TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    enabled INTEGER NOT NULL,
    person BIGINT NOT NULL,
    password TEXT NOT NULL,
    password_at BIGINT NOT NULL,
    created_by BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);

CREATE TABLE identity_unit (
    id BIGINT NOT NULL PRIMARY KEY,
    area BIGINT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    office INTEGER NOT NULL,
    calendar TEXT NOT NULL,
    phone TEXT NOT NULL,
    enabled INTEGER NOT NULL,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX identity_unit_area ON identity_unit (area);

-- A grant that was taken back stays, with the time of its end.
CREATE TABLE identity_grant (
    id BIGINT NOT NULL PRIMARY KEY,
    account BIGINT NOT NULL,
    role TEXT NOT NULL,
    area BIGINT NOT NULL,
    unit BIGINT NOT NULL,
    head INTEGER NOT NULL,
    granted_by BIGINT NOT NULL,
    granted_at BIGINT NOT NULL,
    ended_by BIGINT NOT NULL,
    ended_at BIGINT NOT NULL
);
CREATE INDEX identity_grant_account ON identity_grant (account);
CREATE INDEX identity_grant_area ON identity_grant (area);
CREATE INDEX identity_grant_unit ON identity_grant (unit);

-- digest: SHA-256 of the cookie, hex. csrf: the proof that unsafe methods must bring.
CREATE TABLE identity_session (
    id BIGINT NOT NULL PRIMARY KEY,
    digest TEXT NOT NULL UNIQUE,
    account BIGINT NOT NULL,
    csrf TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    stepped_up_until BIGINT NOT NULL,
    ended_at BIGINT NOT NULL,
    agent TEXT NOT NULL,
    address TEXT NOT NULL
);
CREATE INDEX identity_session_account ON identity_session (account);

-- Bearer tokens of programs (purpose "api") and the one-time token of the first administrator ("setup").
CREATE TABLE identity_token (
    id BIGINT NOT NULL PRIMARY KEY,
    digest TEXT NOT NULL UNIQUE,
    purpose TEXT NOT NULL,
    account BIGINT NOT NULL,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT NOT NULL
);
CREATE INDEX identity_token_account ON identity_token (account);

-- Devices on which an account has signed in before: not held up by the guesses of others.
CREATE TABLE identity_device (
    digest TEXT NOT NULL,
    account BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (digest, account)
);
CREATE INDEX identity_device_account ON identity_device (account);

-- The last five guesses under a key (account, or account and known device), the newest first.
CREATE TABLE identity_try (
    subject TEXT NOT NULL PRIMARY KEY,
    at1 BIGINT NOT NULL,
    at2 BIGINT NOT NULL,
    at3 BIGINT NOT NULL,
    at4 BIGINT NOT NULL,
    at5 BIGINT NOT NULL
);

-- When an address has worked off its guesses: a leaky bucket in one number.
CREATE TABLE identity_pace (
    address TEXT NOT NULL PRIMARY KEY,
    free_at BIGINT NOT NULL
);

-- One row that changes of administrators lock, so that the last two cannot remove each other at once.
CREATE TABLE identity_guard (
    name TEXT NOT NULL PRIMARY KEY,
    turn BIGINT NOT NULL
);
INSERT INTO identity_guard (name, turn) VALUES ('administrators', 0);
