-- The same rows that linli writes for one request, in ordinary tables with the same indexes.
CREATE TABLE request (
  county INTEGER NOT NULL, id BIGINT NOT NULL, number TEXT NOT NULL, area BIGINT NOT NULL, subdistrict BIGINT,
  community BIGINT, grid BIGINT, state TEXT NOT NULL, version BIGINT NOT NULL, created_at BIGINT NOT NULL,
  created_by BIGINT, updated_at BIGINT NOT NULL, updated_by BIGINT, unit BIGINT, category TEXT, description TEXT,
  place_lat INTEGER, place_lon INTEGER, address TEXT, handling TEXT, urgent BOOLEAN, phone BYTEA, phone_blind BYTEA, PRIMARY KEY (county, id));
CREATE INDEX request_community ON request (county, community, state, created_at, id);
CREATE INDEX request_subdistrict ON request (county, subdistrict, state, created_at, id);
CREATE INDEX request_county ON request (county, state, created_at, id);
CREATE INDEX request_unit ON request (county, unit, state, created_at, id);
CREATE INDEX request_update ON request (county, state, updated_at, id);
CREATE INDEX request_author ON request (county, created_by, created_at, id);
CREATE UNIQUE INDEX request_by_number ON request (county, number);
CREATE INDEX request_phone ON request (county, phone_blind);
CREATE SEQUENCE request_id;
CREATE SEQUENCE request_number;
CREATE TABLE history (
  county INTEGER NOT NULL, id BIGINT NOT NULL, record BIGINT NOT NULL, version BIGINT NOT NULL, at BIGINT NOT NULL,
  account BIGINT, action TEXT NOT NULL, state_after TEXT, changes TEXT, PRIMARY KEY (county, id));
CREATE INDEX history_record ON history (county, record, id);
CREATE TABLE work (
  county INTEGER NOT NULL, id BIGINT NOT NULL, number TEXT, title TEXT, area BIGINT, subdistrict BIGINT, community BIGINT,
  state TEXT, unit BIGINT, filed_by BIGINT, due_at BIGINT, since BIGINT, PRIMARY KEY (county, id));
CREATE INDEX work_unit ON work (county, unit, due_at);
CREATE INDEX work_community ON work (county, community, due_at);
CREATE INDEX work_subdistrict ON work (county, subdistrict, due_at);
CREATE INDEX work_county ON work (county, due_at);
CREATE INDEX work_filed_by ON work (county, filed_by);
CREATE TABLE party (county INTEGER NOT NULL, record BIGINT NOT NULL, unit BIGINT NOT NULL, role TEXT NOT NULL,
  PRIMARY KEY (county, record, unit));
CREATE TABLE clock (
  county INTEGER NOT NULL, id BIGINT NOT NULL, record BIGINT NOT NULL, name TEXT, state TEXT, started_at BIGINT,
  due_at BIGINT, left_ms BIGINT, PRIMARY KEY (county, id));
CREATE INDEX clock_record ON clock (county, record);
CREATE TABLE timer (county INTEGER NOT NULL, id BIGINT NOT NULL, record BIGINT NOT NULL, at BIGINT NOT NULL, step INTEGER,
  PRIMARY KEY (county, id));
CREATE INDEX timer_at ON timer (county, at);
CREATE TABLE change (
  county INTEGER NOT NULL, id BIGINT NOT NULL, at BIGINT NOT NULL, actor BIGINT, kind TEXT, record BIGINT, version BIGINT,
  action TEXT, area_after BIGINT, state_after TEXT, fields TEXT, digest_after TEXT, PRIMARY KEY (county, id));
CREATE INDEX change_record ON change (county, kind, record, id);
CREATE TABLE area (id BIGINT PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE unit (id BIGINT PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE session (digest TEXT PRIMARY KEY, account BIGINT NOT NULL, community BIGINT, county INTEGER NOT NULL);
