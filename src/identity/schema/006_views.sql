-- Lists that an account has narrowed and named. query: words of the address, encrypted, for they may hold a name or a number.
CREATE TABLE identity_view (
    account BIGINT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    id BIGINT NOT NULL,
    query TEXT NOT NULL,
    PRIMARY KEY (account, kind, name)
);
