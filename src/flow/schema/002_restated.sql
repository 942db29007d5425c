-- Boards on another day's map also count what was created: all they read of what is over stands in the index.
DROP INDEX flow_done_closed;
CREATE INDEX flow_done_closed ON flow_done (county, kind, closed_at, withdrawn, subdistrict, community, grid, area, unit, rating, created_at);
