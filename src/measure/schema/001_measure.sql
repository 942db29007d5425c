-- What was counted, and what must be counted again.

-- The answer of a counter for one area as filed, one month (year * 12 + month - 1) and one combination of its breakdowns
-- (joined by |, '' = none). Of a flow: what falls into the month, never 0. Of a stock: the value at the month's end, only
-- where it differs from the month before. Sums are scaled as their field is stored.
CREATE TABLE measure_cell (
    county INTEGER NOT NULL,
    counter TEXT NOT NULL,
    area BIGINT NOT NULL,
    breakdown TEXT NOT NULL,
    month INTEGER NOT NULL,
    value BIGINT NOT NULL,
    PRIMARY KEY (county, counter, area, breakdown, month)
);

-- What a change has touched and nobody has counted since. Month -1 = all months of the area; area 0 = the whole counter.
-- `position` is that of the newest change line that touched it: who counts an older state does not wipe the mark out.
CREATE TABLE measure_dirty (
    county INTEGER NOT NULL,
    counter TEXT NOT NULL,
    area BIGINT NOT NULL,
    month INTEGER NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (county, counter, area, month)
);

-- By which declaration, and on which day, the cells of a counter were counted as a whole.
CREATE TABLE measure_counter (
    county INTEGER NOT NULL,
    counter TEXT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (county, counter)
);
