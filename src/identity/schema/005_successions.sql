-- Grants that a decision about areas replaced, and units that it moved, so that undoing it gives them back.
-- `made` 0: the account held the same grant over the successor already.
CREATE TABLE identity_regrant (
    decision BIGINT NOT NULL,
    ended BIGINT NOT NULL,
    made BIGINT NOT NULL,
    area_after BIGINT NOT NULL,
    PRIMARY KEY (decision, ended, area_after)
);
CREATE TABLE identity_moved_unit (
    decision BIGINT NOT NULL,
    unit BIGINT NOT NULL,
    area_before BIGINT NOT NULL,
    area_after BIGINT NOT NULL,
    office_before INTEGER NOT NULL,
    PRIMARY KEY (decision, unit)
);
