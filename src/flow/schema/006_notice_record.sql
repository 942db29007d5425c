-- What was told about one record, for those who are told outside of the system.
CREATE INDEX flow_notice_record ON flow_notice (county, record, at);
