-- Open records: where each stands, what is due and for whom. A record that reaches a final state moves to flow_done.
-- 0 = none in columns that hold ids; due_at is 253402300799999 (year 9999) if nothing is due; rank 0 = urgent, 1 = ordinary.
CREATE TABLE flow_work (
    county INTEGER NOT NULL,
    id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    number TEXT NOT NULL,
    title TEXT NOT NULL,
    area BIGINT NOT NULL,
    subdistrict BIGINT NOT NULL,
    community BIGINT NOT NULL,
    grid BIGINT NOT NULL,
    state TEXT NOT NULL,
    flow_version INTEGER NOT NULL,
    unit BIGINT NOT NULL,
    filed_by BIGINT NOT NULL,
    about BIGINT NOT NULL,
    rank INTEGER NOT NULL,
    due_at BIGINT NOT NULL,
    clock TEXT NOT NULL,
    raised_to BIGINT NOT NULL,
    asks INTEGER NOT NULL,
    choice TEXT NOT NULL,
    since BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (county, id)
);
CREATE INDEX flow_work_unit ON flow_work (county, unit, rank, due_at, id);
CREATE INDEX flow_work_community ON flow_work (county, community, rank, due_at, id, kind, state, flow_version);
CREATE INDEX flow_work_subdistrict ON flow_work (county, subdistrict, rank, due_at, id, kind, state, flow_version);
CREATE INDEX flow_work_county ON flow_work (county, rank, due_at, id, kind, state, flow_version);
CREATE INDEX flow_work_raised ON flow_work (county, raised_to, rank, due_at, id) WHERE raised_to <> 0;
CREATE INDEX flow_work_filed_by ON flow_work (county, filed_by, rank, due_at, id) WHERE asks = 1;
CREATE INDEX flow_work_about ON flow_work (county, about, rank, due_at, id) WHERE asks = 1;

-- Records that are over: what boards count. A reopened record moves back to flow_work.
CREATE TABLE flow_done (
    county INTEGER NOT NULL,
    id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    area BIGINT NOT NULL,
    subdistrict BIGINT NOT NULL,
    community BIGINT NOT NULL,
    grid BIGINT NOT NULL,
    state TEXT NOT NULL,
    unit BIGINT NOT NULL,
    filed_by BIGINT NOT NULL,
    about BIGINT NOT NULL,
    choice TEXT NOT NULL,
    rating INTEGER,
    created_at BIGINT NOT NULL,
    closed_at BIGINT NOT NULL,
    withdrawn INTEGER NOT NULL,
    PRIMARY KEY (county, id)
);
CREATE INDEX flow_done_closed ON flow_done (county, kind, closed_at, withdrawn, subdistrict, community, grid, area, unit, rating);
CREATE INDEX flow_done_created ON flow_done (county, kind, created_at, subdistrict, community, grid, area, choice);

-- Units that have to do with a record; they stay when it is over, so that they may read what they did.
CREATE TABLE flow_party (
    county INTEGER NOT NULL,
    record BIGINT NOT NULL,
    unit BIGINT NOT NULL,
    role TEXT NOT NULL,
    kind TEXT NOT NULL,
    open INTEGER NOT NULL,
    PRIMARY KEY (county, record, unit)
);
CREATE INDEX flow_party_unit ON flow_party (county, unit, kind, record);
CREATE INDEX flow_party_assist ON flow_party (county, unit, record) WHERE role = 'assist' AND open = 1;

-- Deadlines. A clock that starts anew is a new row; the newest of a name is the one that counts.
CREATE TABLE flow_clock (
    county INTEGER NOT NULL,
    record BIGINT NOT NULL,
    id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    limit_text TEXT NOT NULL,
    calendar TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    since BIGINT NOT NULL,
    left_ms BIGINT NOT NULL,
    fired INTEGER NOT NULL,
    due_at BIGINT,
    breached_at BIGINT,
    stopped_at BIGINT,
    paused_ms BIGINT NOT NULL,
    on_time INTEGER,
    took_ms BIGINT,
    area BIGINT NOT NULL,
    subdistrict BIGINT NOT NULL,
    community BIGINT NOT NULL,
    grid BIGINT NOT NULL,
    unit BIGINT NOT NULL,
    PRIMARY KEY (county, record, id)
);
CREATE INDEX flow_clock_stopped ON flow_clock
    (county, kind, name, stopped_at, subdistrict, community, grid, area, unit, on_time, took_ms) WHERE on_time IS NOT NULL;

CREATE TABLE flow_pause (
    county INTEGER NOT NULL,
    clock BIGINT NOT NULL,
    from_at BIGINT NOT NULL,
    to_at BIGINT,
    PRIMARY KEY (county, clock, from_at)
);

-- What happens by itself: at most one row per clock (its next step, in percent) and one per timed action of the state.
CREATE TABLE flow_timer (
    county INTEGER NOT NULL,
    record BIGINT NOT NULL,
    clock BIGINT NOT NULL,
    action TEXT NOT NULL,
    kind TEXT NOT NULL,
    step INTEGER NOT NULL,
    rank INTEGER NOT NULL,
    at BIGINT NOT NULL,
    tries INTEGER NOT NULL,
    PRIMARY KEY (county, record, clock, action)
);
CREATE INDEX flow_timer_at ON flow_timer (county, rank, at);

-- Which process runs the timers of a county; the list of counties too.
CREATE TABLE flow_lease (
    county INTEGER NOT NULL PRIMARY KEY,
    holder TEXT NOT NULL,
    held_until BIGINT NOT NULL
);

-- Actions taken: for limits and for `within`.
CREATE TABLE flow_step (
    county INTEGER NOT NULL,
    record BIGINT NOT NULL,
    id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    action TEXT NOT NULL,
    state_before TEXT NOT NULL,
    state_after TEXT NOT NULL,
    at BIGINT NOT NULL,
    account BIGINT NOT NULL,
    as_role TEXT NOT NULL,
    unit BIGINT NOT NULL,
    PRIMARY KEY (county, record, id)
);

-- Reminders and escalations that wait to be read: by the members of `unit` (its heads alone if `head`), or by those who
-- hold `role` (any staff role if empty) over exactly `area`.
CREATE TABLE flow_notice (
    county INTEGER NOT NULL,
    id BIGINT NOT NULL,
    what TEXT NOT NULL,
    kind TEXT NOT NULL,
    record BIGINT NOT NULL,
    number TEXT NOT NULL,
    title TEXT NOT NULL,
    clock TEXT NOT NULL,
    unit BIGINT NOT NULL,
    head INTEGER NOT NULL,
    area BIGINT NOT NULL,
    role TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (county, id)
);
CREATE INDEX flow_notice_unit ON flow_notice (county, unit, at) WHERE unit <> 0;
CREATE INDEX flow_notice_area ON flow_notice (county, area, at) WHERE area <> 0;

CREATE TABLE flow_read (
    county INTEGER NOT NULL,
    notice BIGINT NOT NULL,
    account BIGINT NOT NULL,
    read_at BIGINT NOT NULL,
    PRIMARY KEY (county, notice, account)
);
