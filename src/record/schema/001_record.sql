-- What the kinds' own tables do not hold. The tables of the kinds are made by `catalogue apply`.

-- Columns and indexes of kinds that were made, so that applying a catalogue adds only what is missing; county is 0.
CREATE TABLE record_made (
    county INTEGER NOT NULL,
    owner  TEXT NOT NULL,
    name   TEXT NOT NULL,
    type   TEXT NOT NULL,
    PRIMARY KEY (county, owner, name)
);

-- One row for each thing that happened to a record, with its values: may be erased by law, unlike the change log.
CREATE TABLE record_history (
    county       INTEGER NOT NULL,
    record       BIGINT NOT NULL,
    id           BIGINT NOT NULL,
    kind         TEXT NOT NULL,
    version      BIGINT NOT NULL,
    at           BIGINT NOT NULL,
    account      BIGINT NOT NULL,
    as_role      TEXT NOT NULL,
    action       TEXT NOT NULL,
    state_before TEXT NOT NULL,
    state_after  TEXT NOT NULL,
    unit         BIGINT,
    reason       TEXT NOT NULL,
    result       TEXT NOT NULL,
    evidence     TEXT NOT NULL,
    changes      TEXT NOT NULL,
    PRIMARY KEY (county, record, id)
);

CREATE TABLE record_file (
    county  INTEGER NOT NULL,
    record  BIGINT NOT NULL,
    id      BIGINT NOT NULL,
    kind    TEXT NOT NULL,
    field   TEXT NOT NULL,
    name    TEXT NOT NULL,
    type    TEXT NOT NULL,
    size    BIGINT NOT NULL,
    blob    TEXT NOT NULL,
    at      BIGINT NOT NULL,
    account BIGINT NOT NULL,
    PRIMARY KEY (county, record, id)
);

-- Counties in which an account filed records beyond the areas of its grants; `county` is that of the account's id.
CREATE TABLE record_filer (
    county   INTEGER NOT NULL,
    account  BIGINT NOT NULL,
    filed_in INTEGER NOT NULL,
    PRIMARY KEY (county, account, filed_in)
);

-- How often an account did in an hour what is rationed (unmasking); `county` is that of the account's id.
CREATE TABLE record_quota (
    county  INTEGER NOT NULL,
    account BIGINT NOT NULL,
    what    TEXT NOT NULL,
    hour    BIGINT NOT NULL,
    used    BIGINT NOT NULL,
    PRIMARY KEY (county, account, what, hour)
);
