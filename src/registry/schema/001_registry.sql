-- Persons who may be one, as they were found, and what somebody decided. County is that of both.
CREATE TABLE registry_pair (
    county     INTEGER NOT NULL,
    first      BIGINT NOT NULL,
    second     BIGINT NOT NULL,
    score      BIGINT NOT NULL,
    reasons    TEXT NOT NULL,
    state      TEXT NOT NULL,
    community  BIGINT,
    other      BIGINT,
    found_at   BIGINT NOT NULL,
    decided_at BIGINT,
    decided_by BIGINT,
    PRIMARY KEY (county, first, second)
);
CREATE INDEX registry_pair_by_score ON registry_pair (county, state, score);
CREATE INDEX registry_pair_by_community ON registry_pair (county, community, state, score);
CREATE INDEX registry_pair_by_other ON registry_pair (county, other, state, score);

-- Merges, with what is needed to take them apart. No personal values.
CREATE TABLE registry_merge (
    county    INTEGER NOT NULL,
    id        BIGINT NOT NULL,
    kept      BIGINT NOT NULL,
    gone      BIGINT NOT NULL,
    what      TEXT NOT NULL,
    at        BIGINT NOT NULL,
    account   BIGINT NOT NULL,
    undone_at BIGINT,
    PRIMARY KEY (county, id)
);
CREATE INDEX registry_merge_by_time ON registry_merge (county, at);
