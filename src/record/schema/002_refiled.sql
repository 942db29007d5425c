-- Open records that a decision about areas has filed anew, with where they were: undoing it files them back.
CREATE TABLE record_refiled (
    county      INTEGER NOT NULL,
    decision    BIGINT NOT NULL,
    record      BIGINT NOT NULL,
    kind        TEXT NOT NULL,
    area        BIGINT NOT NULL,
    subdistrict BIGINT NOT NULL,
    community   BIGINT NOT NULL,
    grid        BIGINT NOT NULL,
    area_after  BIGINT NOT NULL,
    PRIMARY KEY (county, decision, record)
);
