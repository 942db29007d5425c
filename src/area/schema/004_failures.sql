-- A decision that could not be applied on its day: why ('' = it has not failed), how often, and when it is tried again.
ALTER TABLE area_decision ADD COLUMN failure TEXT NOT NULL DEFAULT '';
ALTER TABLE area_decision ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;
ALTER TABLE area_decision ADD COLUMN next_try BIGINT NOT NULL DEFAULT 0;
