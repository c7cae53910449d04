-- The measures of locality and distance.

-- measure: distance_by_boundary
WITH counted AS (
  SELECT authority, boundary, distance_band, count(*) AS children
  FROM stock JOIN last_day USING (day) GROUP BY ALL)
SELECT a.authority, b.boundary, d.distance_band, coalesce(c.children, 0) AS children,
  pct(coalesce(c.children, 0), sum(c.children) OVER (PARTITION BY a.authority)) AS share_pct
FROM areas a CROSS JOIN (SELECT unnest(['inside', 'outside']) AS boundary) b
CROSS JOIN (SELECT unnest(['le_20', 'gt_20', 'not_known']) AS distance_band) d
LEFT JOIN counted c USING (authority, boundary, distance_band)

-- measure: new_placements_by_distance
WITH counted AS (
  SELECT authority, last, CASE WHEN distance_band = 'not_known' THEN 'not_known'
    ELSE boundary || '_' || distance_band END AS location, count(*) AS starts,
    count(DISTINCT child_id) AS base_starts
  FROM placed GROUP BY ALL)
SELECT a.authority, text_of(y.last) AS year_ending, l.location, coalesce(c.starts, 0) AS starts,
  pct(coalesce(c.starts, 0), sum(c.starts) OVER (PARTITION BY a.authority, y.last)) AS share_pct,
  coalesce(c.base_starts, 0) AS base_starts
FROM areas a CROSS JOIN years y CROSS JOIN (SELECT unnest(['inside_le_20', 'inside_gt_20',
  'outside_le_20', 'outside_gt_20', 'not_known']) AS location) l
LEFT JOIN counted c ON c.authority = a.authority AND c.last = y.last AND c.location = l.location

-- measure: distance_summary
WITH placed_in AS (
  SELECT authority, round(distance_miles * 10) AS tenths,
    unnest(cohorts_of(placement_group, provider)) AS cohort
  FROM stock JOIN last_day USING (day)),
counted AS (
  SELECT authority, cohort, count(*) AS children, count(tenths) AS base_children,
    quantile_cont(tenths, [0.25, 0.5, 0.75]) AS q
  FROM placed_in GROUP BY ALL)
SELECT a.authority, k.cohort, coalesce(children, 0) AS children,
  floor(q[2] + 0.5) / 10 AS median_miles,
  CASE WHEN base_children >= 10 THEN floor(q[1] + 0.5) / 10 END AS lower_quartile_miles,
  CASE WHEN base_children >= 10 THEN floor(q[3] + 0.5) / 10 END AS upper_quartile_miles,
  coalesce(base_children, 0) AS base_children
FROM areas a CROSS JOIN cohorts k
LEFT JOIN counted c USING (authority, cohort)

-- measure: placement_authorities
WITH named AS (
  SELECT s.authority, coalesce(n.name, CASE s.placement_authority[1]
    WHEN 'W' THEN 'Wales' WHEN 'S' THEN 'Scotland' WHEN 'N' THEN 'Northern Ireland' END,
    s.placement_authority, 'Not known') AS name
  FROM stock s JOIN last_day USING (day) LEFT JOIN names n ON n.code = s.placement_authority),
counted AS (SELECT authority, name, count(*) AS n FROM named GROUP BY ALL),
shown AS (
  SELECT authority, n < 5 AS is_rest, CASE WHEN n < 5 THEN 'Other authorities' ELSE name END
    AS placement_authority, sum(n) AS children
  FROM counted GROUP BY ALL)
SELECT authority, placement_authority, children,
  pct(children, sum(children) OVER (PARTITION BY authority)) AS share_pct
FROM shown

-- measure: locality
WITH told AS (
  SELECT authority, unnest(cohorts_of(placement_group, provider)) AS cohort,
    near_by_rule(distance_miles, centre_miles, border_miles, placement_authority, authority) AS r
  FROM stock JOIN last_day USING (day)),
counted AS (
  SELECT authority, cohort, t.rule, count(*) AS children, count(*) FILTER (t.near) AS within,
    count(*) FILTER (NOT t.near) AS beyond
  FROM (SELECT authority, cohort, unnest(r) AS t FROM told) GROUP BY ALL)
SELECT a.authority, r.rule, k.cohort, coalesce(children, 0) AS children,
  coalesce(within, 0) AS within, coalesce(beyond, 0) AS beyond,
  coalesce(children - within - beyond, 0) AS not_known,
  CASE WHEN within + beyond > 0 THEN pct(within, children) END AS rate_pct,
  pct(within, within + beyond) AS rate_of_known_pct
FROM areas a CROSS JOIN rules r CROSS JOIN cohorts k
LEFT JOIN counted c USING (authority, rule, cohort)

-- measure: locality_by.provider_group
WITH told AS (
  SELECT authority, sector(provider) AS provider_group,
    near_by_rule(distance_miles, centre_miles, border_miles, placement_authority, authority) AS r
  FROM stock JOIN last_day USING (day)),
counted AS (
  SELECT authority, provider_group, t.rule, count(*) AS children,
    count(*) FILTER (t.near) AS within, count(*) FILTER (NOT t.near) AS beyond
  FROM (SELECT authority, provider_group, unnest(r) AS t FROM told) GROUP BY ALL)
SELECT a.authority, r.rule, g.provider_group, coalesce(children, 0) AS children,
  coalesce(within, 0) AS within, coalesce(beyond, 0) AS beyond,
  coalesce(children - within - beyond, 0) AS not_known,
  CASE WHEN within + beyond > 0 THEN pct(within, children) END AS rate_pct,
  pct(within, within + beyond) AS rate_of_known_pct
FROM areas a CROSS JOIN rules r
CROSS JOIN (SELECT provider_group FROM sectors) g
LEFT JOIN counted c USING (authority, rule, provider_group)

-- measure: locality_by.age_group
WITH told AS (
  SELECT authority, age_band(years_old(dob, day)) AS age_group,
    near_by_rule(distance_miles, centre_miles, border_miles, placement_authority, authority) AS r
  FROM stock JOIN last_day USING (day)),
counted AS (
  SELECT authority, age_group, t.rule, count(*) AS children, count(*) FILTER (t.near) AS within,
    count(*) FILTER (NOT t.near) AS beyond
  FROM (SELECT authority, age_group, unnest(r) AS t FROM told) GROUP BY ALL)
SELECT a.authority, r.rule, g.age_group, coalesce(children, 0) AS children,
  coalesce(within, 0) AS within, coalesce(beyond, 0) AS beyond,
  coalesce(children - within - beyond, 0) AS not_known,
  CASE WHEN within + beyond > 0 THEN pct(within, children) END AS rate_pct,
  pct(within, within + beyond) AS rate_of_known_pct
FROM areas a CROSS JOIN rules r CROSS JOIN age_bands g
LEFT JOIN counted c USING (authority, rule, age_group)

-- measure: locality_trend
WITH told AS (
  SELECT authority, day,
    near_by_rule(distance_miles, centre_miles, border_miles, placement_authority, authority) AS r
  FROM stock),
counted AS (
  SELECT authority, day, t.rule, count(*) AS children, count(*) FILTER (t.near) AS within,
    count(*) FILTER (NOT t.near) AS beyond
  FROM (SELECT authority, day, unnest(r) AS t FROM told) GROUP BY ALL)
SELECT a.authority, text_of(d.day) AS as_at, r.rule, coalesce(children, 0) AS children,
  coalesce(within, 0) AS within, coalesce(beyond, 0) AS beyond,
  coalesce(children - within - beyond, 0) AS not_known,
  CASE WHEN within + beyond > 0 THEN pct(within, children) END AS rate_pct,
  pct(within, within + beyond) AS rate_of_known_pct
FROM areas a CROSS JOIN days d CROSS JOIN rules r
LEFT JOIN counted c ON c.authority = a.authority AND c.day = d.day AND c.rule = r.rule

-- measure: locality_of_new_placements
WITH told AS (
  SELECT authority, last, child_id, unnest(cohorts_of(placement_group, provider)) AS cohort,
    near_by_rule(distance_miles, centre_miles, border_miles, placement_authority, authority) AS r
  FROM placed),
-- A row a child first, as to count the different children of each row afterwards costs more.
of_child AS (
  SELECT authority, last, cohort, child_id, t.rule, count(*) AS n, count(*) FILTER (t.near) AS w,
    count(*) FILTER (NOT t.near) AS b
  FROM (SELECT authority, last, cohort, child_id, unnest(r) AS t FROM told
    WHERE cohort IS NOT NULL) GROUP BY ALL),
counted AS (
  SELECT authority, last, CASE cohort WHEN 'all' THEN 'all_new' ELSE cohort END AS cohort, rule,
    sum(n) AS starts, sum(w) AS within, sum(b) AS beyond, count(*) AS base_starts,
    count(*) FILTER (w > 0) AS base_within, count(*) FILTER (b > 0) AS base_beyond,
    count(*) FILTER (n > w + b) AS base_not_known
  FROM of_child GROUP BY ALL)
SELECT a.authority, text_of(y.last) AS year_ending, r.rule, k.cohort,
  coalesce(starts, 0) AS starts, coalesce(within, 0) AS within,
  coalesce(beyond, 0) AS beyond, coalesce(starts - within - beyond, 0) AS not_known,
  CASE WHEN within + beyond > 0 THEN pct(within, starts) END AS rate_pct,
  pct(within, within + beyond) AS rate_of_known_pct,
  coalesce(base_starts, 0) AS base_starts, coalesce(base_within, 0) AS base_within,
  coalesce(base_beyond, 0) AS base_beyond, coalesce(base_not_known, 0) AS base_not_known
FROM areas a CROSS JOIN years y CROSS JOIN rules r
CROSS JOIN (SELECT CASE cohort WHEN 'all' THEN 'all_new' ELSE cohort END AS cohort
  FROM cohorts) k
LEFT JOIN counted c ON c.authority = a.authority AND c.last = y.last AND c.rule = r.rule
  AND c.cohort = k.cohort

-- measure: locality_of_new_placements_by.provider_group
WITH told AS (
  SELECT authority, last, child_id, sector(provider) AS provider_group,
    near_by_rule(distance_miles, centre_miles, border_miles, placement_authority, authority) AS r
  FROM placed),
of_child AS (
  SELECT authority, last, provider_group, child_id, t.rule, count(*) AS n,
    count(*) FILTER (t.near) AS w, count(*) FILTER (NOT t.near) AS b
  FROM (SELECT authority, last, provider_group, child_id, unnest(r) AS t FROM told) GROUP BY ALL),
counted AS (
  SELECT authority, last, provider_group, rule, sum(n) AS starts, sum(w) AS within,
    sum(b) AS beyond, count(*) AS base_starts, count(*) FILTER (w > 0) AS base_within,
    count(*) FILTER (b > 0) AS base_beyond, count(*) FILTER (n > w + b) AS base_not_known
  FROM of_child GROUP BY ALL)
SELECT a.authority, text_of(y.last) AS year_ending, r.rule, g.provider_group,
  coalesce(starts, 0) AS starts, coalesce(within, 0) AS within,
  coalesce(beyond, 0) AS beyond, coalesce(starts - within - beyond, 0) AS not_known,
  CASE WHEN within + beyond > 0 THEN pct(within, starts) END AS rate_pct,
  pct(within, within + beyond) AS rate_of_known_pct,
  coalesce(base_starts, 0) AS base_starts, coalesce(base_within, 0) AS base_within,
  coalesce(base_beyond, 0) AS base_beyond, coalesce(base_not_known, 0) AS base_not_known
FROM areas a CROSS JOIN years y CROSS JOIN rules r CROSS JOIN sectors g
LEFT JOIN counted c ON c.authority = a.authority AND c.last = y.last AND c.rule = r.rule
  AND c.provider_group = g.provider_group
