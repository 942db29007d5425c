-- Who wants to know how a record goes on, besides whoever filed it. `title` is without personal data.
CREATE TABLE flow_follower (
    county INTEGER NOT NULL,
    record BIGINT NOT NULL,
    account BIGINT NOT NULL,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (county, record, account)
);
CREATE INDEX flow_follower_account ON flow_follower (county, account, record);

-- Counties in which an account follows something; `county` is that of the account's id.
CREATE TABLE flow_followed_in (
    county INTEGER NOT NULL,
    account BIGINT NOT NULL,
    followed_in INTEGER NOT NULL,
    PRIMARY KEY (county, account, followed_in)
);
