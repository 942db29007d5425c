-- The number under which residents reach a grid worker; made public on purpose, '' = none.
ALTER TABLE identity_account ADD COLUMN phone TEXT NOT NULL DEFAULT '';
