-- Decisions that change the tree: proposed, approved by another account, applied on their day, perhaps undone.
-- `proposal` is what was decided (areas, successors, weights), as JSON, as it was read and checked.
CREATE TABLE area_decision (
    id BIGINT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    effective INTEGER NOT NULL,
    proposal TEXT NOT NULL,
    proposed_by BIGINT NOT NULL,
    proposed_at BIGINT NOT NULL,
    approved_by BIGINT NOT NULL,
    approved_at BIGINT NOT NULL,
    applied_by BIGINT NOT NULL,
    applied_at BIGINT NOT NULL,
    undone_by BIGINT NOT NULL,
    undone_at BIGINT NOT NULL
);
CREATE INDEX area_decision_due ON area_decision (state, effective);

-- What applying a decision did to versions, so that undoing puts back exactly that: `ended` had `valid_to` null before,
-- `begun` was not there, `removed` (it began on the very day) was as it stands here.
CREATE TABLE area_decision_version (
    decision BIGINT NOT NULL,
    change TEXT NOT NULL,
    area BIGINT NOT NULL,
    valid_from INTEGER NOT NULL,
    valid_to INTEGER,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    level TEXT NOT NULL,
    kind TEXT NOT NULL,
    parent BIGINT NOT NULL,
    urban_rural TEXT NOT NULL,
    counted INTEGER NOT NULL,
    PRIMARY KEY (decision, change, area)
);
CREATE INDEX area_decision_version_area ON area_decision_version (area);

-- `share`: millionths of the households of `after` that came from `before` (the way back in time).
-- `heir`: 1 for the one successor that sees what was filed under `before`; `level` and `county` say how that was filed.
ALTER TABLE area_lineage ADD COLUMN share INTEGER NOT NULL DEFAULT 1000000;
ALTER TABLE area_lineage ADD COLUMN heir INTEGER NOT NULL DEFAULT 1;
ALTER TABLE area_lineage ADD COLUMN level TEXT NOT NULL DEFAULT 'community';
ALTER TABLE area_lineage ADD COLUMN county INTEGER NOT NULL DEFAULT 0;
