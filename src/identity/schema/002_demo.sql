-- Accounts of the demo, whose password is public: they sign in where the server runs the demo, nowhere else.
ALTER TABLE identity_account ADD COLUMN demo INTEGER NOT NULL DEFAULT 0;

-- Until now nobody had made them, as nobody made the first administrator, who is in the log.
UPDATE identity_account SET demo = 1
 WHERE created_by = 0 AND id NOT IN
       (SELECT record FROM store_change WHERE county = 0 AND kind = 'account' AND action = 'set_up');
