-- Signed checkpoints of the chains (docs/adr/0006-checkpoints.md); county is always 0.
CREATE TABLE store_checkpoint (
    county INTEGER NOT NULL,
    number BIGINT NOT NULL,
    line   TEXT NOT NULL,
    PRIMARY KEY (county, number)
);
