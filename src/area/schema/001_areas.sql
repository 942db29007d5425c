-- The administrative tree in time. These are reference tables: small, the same for every county.
-- Dates are days since 1970-01-01.

-- What keeps an area itself over the years; everything that changes is in area_version.
CREATE TABLE area_node (
    id BIGINT NOT NULL PRIMARY KEY,
    created_on INTEGER NOT NULL
);

-- The number that leads the keys of a county's rows: given once, never reused.
CREATE TABLE area_county (
    number INTEGER NOT NULL PRIMARY KEY,
    area BIGINT NOT NULL UNIQUE
);

-- Valid in [valid_from, valid_to); valid_to null = until further notice; parent 0 = a root.
CREATE TABLE area_version (
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
    PRIMARY KEY (area, valid_from)
);
CREATE INDEX area_version_code ON area_version (code);
CREATE INDEX area_version_parent ON area_version (parent);

-- Which areas follow which when they are split or merged; weight in millionths of the households of `before`.
-- Rows of one decision share `decision`, so that it can be undone as a whole.
CREATE TABLE area_lineage (
    decision BIGINT NOT NULL,
    before BIGINT NOT NULL,
    after BIGINT NOT NULL,
    valid_from INTEGER NOT NULL,
    how TEXT NOT NULL,
    weight INTEGER NOT NULL,
    undone INTEGER NOT NULL,
    PRIMARY KEY (decision, before, after)
);
CREATE INDEX area_lineage_before ON area_lineage (before);
CREATE INDEX area_lineage_after ON area_lineage (after);
