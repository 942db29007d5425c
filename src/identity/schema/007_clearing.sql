-- What is old is found without reading what is not.
CREATE INDEX identity_session_created ON identity_session (created_at);
CREATE INDEX identity_device_seen ON identity_device (seen_at);
