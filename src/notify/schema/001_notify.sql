-- Whom to reach, how, and what is on its way. Instants are UTC milliseconds; 0 = none; next_at is 253402300799999 (year 9999)
-- once nothing more is to be done. `county` of ways and wishes is that of the account's id, of messages that of the record.

-- An address that an account gave; it counts from confirmed_at on. address and code are encrypted.
CREATE TABLE notify_way (
    county INTEGER NOT NULL,
    account BIGINT NOT NULL,
    channel TEXT NOT NULL,
    address TEXT NOT NULL,
    confirmed_at BIGINT NOT NULL,
    code TEXT NOT NULL,
    code_at BIGINT NOT NULL,
    guesses INTEGER NOT NULL,
    codes INTEGER NOT NULL,
    codes_from BIGINT NOT NULL,
    sent_at BIGINT NOT NULL,
    PRIMARY KEY (county, account, channel)
);

-- What an account wants to hear outside of the system: channels by kind of notice, with commas between; quiet hours in
-- minutes of the official day. Nothing from before `since` is told.
CREATE TABLE notify_wish (
    county INTEGER NOT NULL,
    account BIGINT NOT NULL,
    language TEXT NOT NULL,
    remind TEXT NOT NULL,
    escalate TEXT NOT NULL,
    moved TEXT NOT NULL,
    quiet_from INTEGER NOT NULL,
    quiet_to INTEGER NOT NULL,
    urgent_breaks INTEGER NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (county, account)
);

-- The outbox. `notice` is the notice or the change that is told; `stage` the state of the record then. No address, no text.
CREATE TABLE notify_message (
    county INTEGER NOT NULL,
    id BIGINT NOT NULL,
    account BIGINT NOT NULL,
    channel TEXT NOT NULL,
    notice BIGINT NOT NULL,
    what TEXT NOT NULL,
    kind TEXT NOT NULL,
    record BIGINT NOT NULL,
    number TEXT NOT NULL,
    stage TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    urgent INTEGER NOT NULL,
    status TEXT NOT NULL,
    tries INTEGER NOT NULL,
    next_at BIGINT NOT NULL,
    reason TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    sent_at BIGINT NOT NULL,
    PRIMARY KEY (county, id)
);
CREATE UNIQUE INDEX notify_message_once ON notify_message (county, notice, account, channel);
CREATE INDEX notify_message_next ON notify_message (county, next_at, id);
CREATE INDEX notify_message_created ON notify_message (county, created_at, id);
CREATE INDEX notify_message_status ON notify_message (county, status, created_at, id);
