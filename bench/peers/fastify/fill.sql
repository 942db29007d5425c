-- The same spread of rows as bench/fill_bench makes: a city of 6 counties, 539 communities, states as after some years.
INSERT INTO request
SELECT 1 + c.community % 6, nextval('request_id'), 'SQ' || n, c.community, 100 + c.community / 12, c.community, NULL,
       CASE WHEN n % 20 < 15 THEN 'closed' WHEN n % 20 = 15 THEN 'resolved' WHEN n % 20 < 18 THEN 'assigned'
            WHEN n % 20 = 18 THEN 'accepted' ELSE 'submitted' END,
       1, 1700000000000 + n::bigint * 30000, 11, 1700000000000 + n::bigint * 30000, 11, NULL, 'lighting',
       '楼道三层的灯坏了，晚上老人上下楼看不清', NULL, NULL, '花园路' || n % 900 || '号', 'time_limited', NULL, NULL, NULL
  FROM generate_series(1, :count) AS n, LATERAL (SELECT (hashint4(n) & 2147483647) % 539 AS community) AS c;
INSERT INTO area SELECT n, '第' || n || '社区居委会' FROM generate_series(0, 1000) AS n;
INSERT INTO work SELECT county, id, number, '路灯照明', area, subdistrict, community, state, 7, 11, created_at + 14400000, created_at
  FROM request WHERE state <> 'closed';  -- nothing waits in what is closed
CREATE INDEX request_city ON request (state, created_at, id);
INSERT INTO session VALUES (encode(sha256('bench'), 'hex'), 11, 3, 4);
VACUUM ANALYZE;
