-- A record counts once in the share that was on time: by the last stop of its clock. One that was started anew has not stopped.
UPDATE flow_clock SET on_time = NULL, took_ms = NULL
 WHERE on_time IS NOT NULL
   AND EXISTS (SELECT 1 FROM flow_clock n
                WHERE n.county = flow_clock.county AND n.record = flow_clock.record AND n.name = flow_clock.name
                  AND n.id > flow_clock.id);
