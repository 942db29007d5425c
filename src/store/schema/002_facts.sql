-- Single facts about the installation, by name; few, and of no county.
CREATE TABLE store_fact (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);
