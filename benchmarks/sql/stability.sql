-- The measures of stability, moves and length of stay.

-- measure: stability
WITH ordered AS (
  SELECT authority, child_id, care_period_id, placement_id, placement_group, provider,
    placement_postcode AS postcode, decom, dec, dob, min(decom)
      OVER (PARTITION BY authority, care_period_id) AS since,
    lag(placement_group) OVER (PARTITION BY authority, child_id ORDER BY decom, placement_id)
      = 'temporary' AS was_away
  FROM lasting),
usual AS (
  SELECT *, coalesce(care_period_id = lag(care_period_id) OVER w AND (
    placement_id = lag(placement_id) OVER w OR (was_away
      AND placement_group = lag(placement_group) OVER w AND provider = lag(provider) OVER w
      AND postcode = lag(postcode) OVER w)), false) AS goes_on
  FROM ordered WHERE placement_group <> 'temporary'
  WINDOW w AS (PARTITION BY authority, child_id ORDER BY decom, placement_id)),
stays AS (
  SELECT *, sum((NOT goes_on)::INT)
    OVER (PARTITION BY authority, child_id ORDER BY decom, placement_id) AS stay
  FROM usual),
begun AS (
  SELECT authority, child_id, care_period_id, stay, min(decom) AS began,
    arg_min(placement_group, decom) AS began_as
  FROM stays GROUP BY ALL),
settled AS (
  SELECT *, CASE WHEN began_as = 'adoption' THEN coalesce(lag(began) OVER w, began)
    ELSE began END AS settled_since
  FROM begun WINDOW w AS (PARTITION BY authority, child_id, care_period_id ORDER BY began)),
here AS (
  SELECT day, authority, child_id, care_period_id, since, dob
  FROM days JOIN ordered ON decom <= day AND (dec IS NULL OR dec > day)),
in_year AS (
  SELECT day, authority, child_id, count(DISTINCT stay) AS placements
  FROM years JOIN stays ON decom <= last AND (dec IS NULL OR dec > first)
  JOIN here h USING (authority, child_id)
  WHERE h.day = last GROUP BY ALL),
states AS (
  SELECT h.day, h.authority, 'three_or_more_placements' AS measure,
    coalesce(placements >= 3, false) AS is_in
  FROM (SELECT DISTINCT day, authority, child_id FROM here) h
  LEFT JOIN in_year USING (day, authority, child_id)
  UNION ALL
  SELECT h.day, h.authority, 'same_carer_2_years',
    coalesce(s.settled_since <= h.day - INTERVAL 2 YEAR, false)
  FROM here h ASOF LEFT JOIN settled s ON s.authority = h.authority AND s.child_id = h.child_id
    AND s.care_period_id = h.care_period_id AND s.began <= h.day
  WHERE years_old(h.dob, h.day) < 16 AND h.since <= h.day - INTERVAL 30 MONTH),
counted AS (
  SELECT authority, day, measure, count(*) AS denominator, count(*) FILTER (is_in) AS numerator
  FROM states GROUP BY ALL)
SELECT a.authority, text_of(d.day) AS as_at, 'stay_safe' AS five_outcome, m.measure,
  coalesce(numerator, 0) AS numerator, coalesce(denominator - numerator, 0) AS answered_no,
  coalesce(denominator, 0) AS denominator, pct(numerator, denominator) AS rate_pct
FROM areas a CROSS JOIN days d
CROSS JOIN (SELECT unnest(['three_or_more_placements', 'same_carer_2_years']) AS measure) m
LEFT JOIN counted c ON c.authority = a.authority AND c.day = d.day AND c.measure = m.measure

-- measure: moves_by_reason
WITH counted AS (
  SELECT authority, last, reason, count(*) AS moves, count(DISTINCT child_id) AS base_moves
  FROM moves GROUP BY ALL)
SELECT a.authority, text_of(y.last) AS year_ending, r.reason AS move_reason,
  coalesce(moves, 0) AS moves,
  pct(coalesce(moves, 0), sum(moves) OVER (PARTITION BY a.authority, y.last)) AS share_pct,
  coalesce(base_moves, 0) AS base_moves
FROM areas a CROSS JOIN years y CROSS JOIN move_reasons r
LEFT JOIN counted c ON c.authority = a.authority AND c.last = y.last AND c.reason = r.reason

-- measure: unplanned_endings
WITH answers AS (
  SELECT authority, last, child_id, 'unplanned_moves' AS measure, CASE
    WHEN reason IN ('CREQB', 'CREQO', 'CHILD', 'ALLEG', 'STAND', 'APPRR', 'CLOSE') THEN true
    WHEN reason IN ('CARPL', 'PLACE', 'CUSTOD', 'LAREQ') THEN false END AS answer
  FROM moves
  UNION ALL
  SELECT * EXCLUDE (place) FROM (
    SELECT authority, last, child_id, 'unplanned_returns_home', rec = 'E4B', row_number()
      OVER (PARTITION BY authority, last, child_id ORDER BY dec DESC) AS place
    FROM years JOIN lasting ON dec BETWEEN first AND last WHERE rec IN ('E4A', 'E4B'))
  WHERE place = 1),
counted AS (
  SELECT authority, last, measure, count(*) FILTER (answer) AS numerator,
    count(*) AS denominator, count(*) FILTER (answer IS NULL) AS not_recorded,
    count(DISTINCT child_id) FILTER (answer) AS base_numerator,
    count(DISTINCT child_id) FILTER (NOT answer) AS base_answered_no,
    count(DISTINCT child_id) AS base_denominator,
    count(DISTINCT child_id) FILTER (answer IS NULL) AS base_not_recorded
  FROM answers GROUP BY ALL)
SELECT a.authority, text_of(y.last) AS year_ending, 'stay_safe' AS five_outcome, m.measure,
  CASE WHEN denominator > not_recorded OR denominator IS NULL
    THEN coalesce(numerator, 0) END AS numerator,
  CASE WHEN denominator > not_recorded OR denominator IS NULL
    THEN coalesce(denominator - not_recorded - numerator, 0) END AS answered_no,
  coalesce(denominator, 0) AS denominator, coalesce(not_recorded, 0) AS not_recorded,
  CASE WHEN denominator > not_recorded THEN pct(numerator, denominator) END AS rate_pct,
  pct(numerator, denominator - not_recorded) AS rate_of_known_pct,
  coalesce(base_numerator, 0) AS base_numerator,
  coalesce(base_answered_no, 0) AS base_answered_no,
  coalesce(base_denominator, 0) AS base_denominator,
  coalesce(base_not_recorded, 0) AS base_not_recorded
FROM areas a CROSS JOIN years y
CROSS JOIN (SELECT unnest(['unplanned_moves', 'unplanned_returns_home']) AS measure) m
LEFT JOIN counted c ON c.authority = a.authority AND c.last = y.last AND c.measure = m.measure

-- measure: length_of_stay
WITH grouped AS (
  SELECT *, unnest(['all', age_group]) AS age FROM lengths),
bases AS (
  SELECT authority, age, count(*) AS care_periods, count(*) FILTER (seen) AS periods_ended,
    count(DISTINCT child_id) FILTER (seen) AS base_periods_ended
  FROM grouped GROUP BY ALL),
times AS (
  SELECT authority, age, days, count(*) FILTER (seen) AS ends, count(*) AS gone
  FROM grouped GROUP BY ALL),
at_risk AS (
  SELECT *, sum(gone) OVER (PARTITION BY authority, age ORDER BY days DESC) AS n FROM times),
curve AS (
  SELECT authority, age, days, product((n - ends) / n) OVER w AS s,
    sum(CASE WHEN n > ends THEN ends / (n * (n - ends)) END) OVER w AS v
  FROM at_risk WHERE ends > 0
  WINDOW w AS (PARTITION BY authority, age ORDER BY days)),
limited AS (
  SELECT *, CASE WHEN s <= 0 THEN 0 WHEN s < 1
    THEN exp(-exp(ln(-ln(s)) + 1.959963984540054 * sqrt(v) / abs(ln(s)))) END AS low,
    CASE WHEN s > 0 AND s < 1
    THEN exp(-exp(ln(-ln(s)) - 1.959963984540054 * sqrt(v) / abs(ln(s)))) END AS high
  FROM curve),
medians AS (
  SELECT authority, age, min(days) FILTER (s <= 0.5 + 1e-9) AS middle,
    min(days) FILTER (low <= 0.5 + 1e-9) AS low, min(days) FILTER (high <= 0.5 + 1e-9) AS high
  FROM limited GROUP BY ALL)
SELECT a.authority, g.age_group,
  coalesce(periods_ended, 0) AS periods_ended,
  CASE WHEN care_periods >= 20 THEN months_of(middle) END AS median_months,
  CASE WHEN care_periods >= 20 THEN months_of(m.low) END AS median_low_months,
  CASE WHEN care_periods >= 20 THEN months_of(m.high) END AS median_high_months,
  coalesce(base_periods_ended, 0) AS base_periods_ended
FROM areas a
CROSS JOIN (SELECT 'all' AS age_group UNION ALL SELECT age_group FROM age_bands) g
LEFT JOIN bases b ON b.authority = a.authority AND b.age = g.age_group
LEFT JOIN medians m ON m.authority = a.authority AND m.age = g.age_group

-- measure: still_looked_after
WITH bases AS (
  SELECT authority, count(*) AS care_periods, count(DISTINCT child_id) AS base_care_periods,
    max(days) AS longest, bool_or(seen) AS any_seen
  FROM lengths GROUP BY ALL),
times AS (
  SELECT authority, days, count(*) FILTER (seen) AS ends, count(*) AS gone
  FROM lengths GROUP BY ALL),
at_risk AS (
  SELECT *, sum(gone) OVER (PARTITION BY authority ORDER BY days DESC) AS n FROM times),
curve AS (
  SELECT authority, days, product((n - ends) / n) OVER w AS s,
    sum(CASE WHEN n > ends THEN ends / (n * (n - ends)) END) OVER w AS v
  FROM at_risk WINDOW w AS (PARTITION BY authority ORDER BY days)),
asked AS (
  SELECT authority, unnest([6, 12, 24, 36, 60]) AS after_months, after_months * 365.25 / 12 AS until
  FROM areas),
followed AS (
  SELECT authority, after_months, count(*) AS followed, count(DISTINCT child_id) AS base_followed
  FROM asked JOIN lengths USING (authority) WHERE days >= until GROUP BY ALL)
SELECT q.authority, q.after_months, care_periods, coalesce(followed, 0) AS followed,
  floor(coalesce(s, 1) * 1000 + 0.5) / 10 AS still_pct,
  CASE WHEN s <= 0 THEN 0 WHEN s < 1 THEN floor(1000 * exp(-exp(ln(-ln(s))
    + 1.959963984540054 * sqrt(v) / abs(ln(s)))) + 0.5) / 10 END AS still_low_pct,
  CASE WHEN s > 0 AND s < 1 THEN floor(1000 * exp(-exp(ln(-ln(s))
    - 1.959963984540054 * sqrt(v) / abs(ln(s)))) + 0.5) / 10 END AS still_high_pct,
  base_care_periods, coalesce(base_followed, 0) AS base_followed
FROM asked q ASOF LEFT JOIN curve c ON c.authority = q.authority AND c.days <= q.until
JOIN bases b ON b.authority = q.authority
LEFT JOIN followed f ON f.authority = q.authority AND f.after_months = q.after_months
WHERE care_periods >= 20 AND longest >= q.until
