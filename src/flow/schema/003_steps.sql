-- Steps in the order of time: what is told to clients outside.
CREATE INDEX flow_step_at ON flow_step (county, at, id);
