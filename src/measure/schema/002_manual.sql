-- Values that no records give, entered by hand for an area and the months from .. to (year * 12 + month - 1), in millionths.
-- Appended, never changed: of the same indicator, area and months the newest row holds; a row without a value takes it back.
CREATE TABLE measure_manual (
    county INTEGER NOT NULL,
    id BIGINT NOT NULL,
    indicator TEXT NOT NULL,
    area BIGINT NOT NULL,
    month_from INTEGER NOT NULL,
    month_to INTEGER NOT NULL,
    value BIGINT,
    source TEXT NOT NULL,
    evidence TEXT NOT NULL,
    entered_by BIGINT NOT NULL,
    entered_at BIGINT NOT NULL,
    PRIMARY KEY (county, id)
);
CREATE INDEX measure_manual_by_area ON measure_manual (county, area, indicator, id);
