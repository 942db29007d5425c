-- The change log, its chain and its readers; leases; number sequences.
CREATE TABLE store_change (
    county        INTEGER NOT NULL,
    id            BIGINT NOT NULL,
    at            BIGINT NOT NULL,
    actor         BIGINT NOT NULL,
    role          TEXT NOT NULL,
    kind          TEXT NOT NULL,
    record        BIGINT NOT NULL,
    version       BIGINT NOT NULL,
    action        TEXT NOT NULL,
    area_before   BIGINT NOT NULL,
    area_after    BIGINT NOT NULL,
    state_before  TEXT NOT NULL,
    state_after   TEXT NOT NULL,
    fields        TEXT NOT NULL,
    digest_before TEXT NOT NULL,
    digest_after  TEXT NOT NULL,
    detail        TEXT NOT NULL,
    request       TEXT NOT NULL,
    position      BIGINT,
    hash          TEXT,
    PRIMARY KEY (county, id)
);
CREATE INDEX store_change_unsealed ON store_change (county, id) WHERE position IS NULL;
CREATE UNIQUE INDEX store_change_position ON store_change (county, position) WHERE position IS NOT NULL;
CREATE INDEX store_change_record ON store_change (county, kind, record, id);

-- The last sealed line of each county.
CREATE TABLE store_head (
    county   INTEGER NOT NULL,
    position BIGINT NOT NULL,
    hash     TEXT NOT NULL,
    PRIMARY KEY (county)
);

CREATE TABLE store_cursor (
    county   INTEGER NOT NULL,
    reader   TEXT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (county, reader)
);

-- name 'ids': ids up to millisecond `until` since 2020 are given away; name 'seal': `holder` seals until then.
CREATE TABLE store_lease (
    county INTEGER NOT NULL,
    name   TEXT NOT NULL,
    holder TEXT NOT NULL,
    until  BIGINT NOT NULL,
    PRIMARY KEY (county, name)
);

CREATE TABLE store_sequence (
    county INTEGER NOT NULL,
    name   TEXT NOT NULL,
    next   BIGINT NOT NULL,
    PRIMARY KEY (county, name)
);
