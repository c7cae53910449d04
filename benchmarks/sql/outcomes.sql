-- The measures of health, leaving care, adoption and missing.

-- measure: health
WITH answers AS (
  SELECT authority, day, unnest([
    {m: 'health_assessment', asked: true, said: health_assessment},
    {m: 'teeth_check', asked: true, said: teeth_check},
    {m: 'immunisations', asked: true, said: immunisations},
    {m: 'health_check', asked: age BETWEEN 0 AND 4, said: health_check},
    {m: 'substance_misuse', asked: true, said: substance_misuse},
    {m: 'convicted', asked: age BETWEEN 10 AND 120, said: convicted}]) AS t
  FROM looked_after_a_year),
counted AS (
  SELECT authority, day, t.m AS measure, count(*) AS denominator,
    count(*) FILTER (t.said) AS numerator, count(*) FILTER (t.said IS NULL) AS not_recorded
  FROM answers WHERE t.asked GROUP BY ALL)
SELECT a.authority, text_of(d.day) AS year_ending, m.five_outcome, m.measure,
  CASE WHEN denominator > not_recorded OR denominator IS NULL
    THEN coalesce(numerator, 0) END AS numerator,
  CASE WHEN denominator > not_recorded OR denominator IS NULL
    THEN coalesce(denominator - not_recorded - numerator, 0) END AS answered_no,
  coalesce(denominator, 0) AS denominator, coalesce(not_recorded, 0) AS not_recorded,
  CASE WHEN denominator > not_recorded THEN pct(numerator, denominator) END AS rate_pct,
  pct(numerator, denominator - not_recorded) AS rate_of_known_pct
FROM areas a CROSS JOIN days d CROSS JOIN (SELECT unnest(['health_assessment', 'teeth_check',
  'immunisations', 'health_check', 'substance_misuse', 'convicted']) AS measure, CASE WHEN measure = 'convicted'
  THEN 'positive_contribution' ELSE 'be_healthy' END AS five_outcome) m
LEFT JOIN counted c ON c.authority = a.authority AND c.day = d.day AND c.measure = m.measure

-- measure: substance_misuse_help
WITH said AS (
  SELECT authority, day, CASE WHEN intervention_received THEN 'received'
    WHEN intervention_offered THEN 'refused'
    WHEN intervention_received IS NULL AND intervention_offered IS NULL THEN 'not_recorded'
    ELSE 'neither' END AS misuse_help
  FROM looked_after_a_year WHERE substance_misuse),
counted AS (SELECT authority, day, misuse_help, count(*) AS n FROM said GROUP BY ALL)
SELECT a.authority, text_of(d.day) AS year_ending, 'be_healthy' AS five_outcome, m.misuse_help,
  if_sent(sent, n) AS children,
  pct(coalesce(n, 0), sum(n) OVER (PARTITION BY a.authority, d.day)) AS share_pct
FROM areas a CROSS JOIN days d CROSS JOIN (SELECT unnest(['received', 'refused', 'neither',
  'not_recorded']) AS misuse_help) m
LEFT JOIN oc2_sent t ON t.authority = a.authority AND t.sent = year(d.day)
LEFT JOIN counted c ON c.authority = a.authority AND c.day = d.day
  AND c.misuse_help = m.misuse_help

-- measure: sdq_scores
WITH counted AS (
  SELECT authority, day, count(*) AS children, count(sdq_score) AS scored,
    count(*) FILTER (sdq_score BETWEEN 0 AND 13) AS normal,
    count(*) FILTER (sdq_score BETWEEN 14 AND 16) AS borderline,
    count(*) FILTER (sdq_score BETWEEN 17 AND 40) AS cause_for_concern,
    sum(sdq_score) AS total
  FROM looked_after_a_year WHERE age BETWEEN 4 AND 16 GROUP BY ALL)
SELECT a.authority, text_of(d.day) AS year_ending, 'be_healthy' AS five_outcome,
  coalesce(children, 0) AS children, if_sent(sent, scored) AS scored,
  if_sent(sent, normal) AS normal, if_sent(sent, borderline) AS borderline,
  if_sent(sent, cause_for_concern) AS cause_for_concern,
  pct(if_sent(sent, scored), children) AS scored_pct,
  pct(cause_for_concern, scored) AS cause_for_concern_pct, tenth(total, scored) AS score_mean
FROM areas a CROSS JOIN days d
LEFT JOIN oc2_sent t ON t.authority = a.authority AND t.sent = year(d.day)
LEFT JOIN counted c ON c.authority = a.authority AND c.day = d.day

-- measure: missing_from_care
WITH here AS (
  SELECT DISTINCT authority, last, child_id
  FROM years JOIN lasting ON decom <= last AND (dec IS NULL OR dec > first)),
looked_after AS (SELECT authority, last, count(*) AS denominator FROM here GROUP BY ALL),
events AS (
  SELECT m.authority, y.last, m.child_id, CASE m.missing WHEN 'M' THEN 'missing' WHEN 'A'
    THEN 'away' END AS measure
  FROM missing m JOIN years y ON m.mis_start BETWEEN y.first AND y.last
  SEMI JOIN here h ON h.authority = m.authority AND h.last = y.last AND h.child_id = m.child_id),
counted AS (
  SELECT authority, last, measure, count(*) AS incidents, count(DISTINCT child_id) AS numerator
  FROM events GROUP BY ALL),
told AS (SELECT DISTINCT authority, return_year, true AS told FROM missing)
SELECT a.authority, text_of(y.last) AS year_ending, 'stay_safe' AS five_outcome, k.measure,
  CASE WHEN told THEN coalesce(numerator, 0) END AS numerator,
  CASE WHEN told THEN coalesce(denominator, 0) - coalesce(numerator, 0) END AS answered_no,
  coalesce(denominator, 0) AS denominator,
  CASE WHEN told THEN pct(coalesce(numerator, 0), denominator) END AS rate_pct,
  CASE WHEN told THEN coalesce(incidents, 0) END AS incidents,
  CASE WHEN told THEN tenth(incidents, numerator) END AS incidents_average,
  CASE WHEN told THEN coalesce(numerator, 0) END AS base_incidents
FROM areas a CROSS JOIN years y CROSS JOIN (SELECT unnest(['missing', 'away']) AS measure) k
LEFT JOIN looked_after l ON l.authority = a.authority AND l.last = y.last
LEFT JOIN counted c ON c.authority = a.authority AND c.last = y.last AND c.measure = k.measure
LEFT JOIN told t ON t.authority = a.authority AND t.return_year = year(y.last)

-- measure: care_leavers
WITH answers AS (
  SELECT authority, day, leaver_age, unnest([
    {m: 'in_touch', said: CASE WHEN in_touch IN ('YES', 'NO', 'REFU', 'NREQ')
      THEN in_touch = 'YES' END},
    {m: 'in_education', said: CASE WHEN activity <> 'not_recorded'
      THEN activity IN ('higher_education', 'other_education') END},
    {m: 'in_education_employment_or_training', said: CASE WHEN activity <> 'not_recorded'
      THEN activity IN ('higher_education', 'other_education', 'training_or_work') END},
    {m: 'suitable_accommodation', said: CASE WHEN length(accom) = 2 AND home <> 'not_recorded'
      AND home <> 'abroad' AND accom[2] IN ('1', '2') THEN accom[2] = '1' END}]) AS t
  FROM leavers),
counted AS (
  SELECT authority, day, leaver_age, t.m AS measure, count(*) AS denominator,
    count(*) FILTER (t.said) AS numerator, count(*) FILTER (t.said IS NULL) AS not_recorded
  FROM answers GROUP BY ALL)
SELECT a.authority, text_of(d.day) AS year_ending, g.leaver_age, m.five_outcome, m.measure,
  CASE WHEN denominator > not_recorded OR denominator IS NULL
    THEN if_sent(sent, numerator) END AS numerator,
  CASE WHEN denominator > not_recorded OR denominator IS NULL
    THEN if_sent(sent, denominator - not_recorded - numerator) END AS answered_no,
  if_sent(sent, denominator) AS denominator, if_sent(sent, not_recorded) AS not_recorded,
  CASE WHEN denominator > not_recorded THEN pct(numerator, denominator) END AS rate_pct,
  pct(numerator, denominator - not_recorded) AS rate_of_known_pct
FROM (SELECT DISTINCT authority FROM oc3) a CROSS JOIN days d
CROSS JOIN (SELECT unnest(['17_18', '19_21']) AS leaver_age) g
CROSS JOIN (VALUES ('in_touch', 'stay_safe'), ('in_education', 'enjoy_and_achieve'),
  ('in_education_employment_or_training', 'economic_wellbeing'),
  ('suitable_accommodation', 'economic_wellbeing')) m (measure, five_outcome)
LEFT JOIN oc3_sent t ON t.authority = a.authority AND t.sent = year(d.day)
LEFT JOIN counted c ON c.authority = a.authority AND c.day = d.day
  AND c.leaver_age = g.leaver_age AND c.measure = m.measure

-- measure: leavers_by_activity
WITH counted AS (
  SELECT authority, day, leaver_age, activity, count(*) AS n FROM leavers GROUP BY ALL)
SELECT a.authority, text_of(d.day) AS year_ending, g.leaver_age, k.activity AS leaver_activity,
  if_sent(sent, n) AS young_people,
  pct(coalesce(n, 0), sum(n) OVER (PARTITION BY a.authority, d.day, g.leaver_age)) AS share_pct
FROM (SELECT DISTINCT authority FROM oc3) a CROSS JOIN days d
CROSS JOIN (SELECT unnest(['17_18', '19_21']) AS leaver_age) g
CROSS JOIN (SELECT unnest(['higher_education', 'other_education', 'training_or_work',
  'illness_or_disability', 'pregnancy_or_parenting', 'other_reasons', 'not_recorded'])
  AS activity) k
LEFT JOIN oc3_sent t ON t.authority = a.authority AND t.sent = year(d.day)
LEFT JOIN counted c ON c.authority = a.authority AND c.day = d.day
  AND c.leaver_age = g.leaver_age AND c.activity = k.activity

-- measure: leavers_by_home
WITH counted AS (
  SELECT authority, day, leaver_age, home, count(*) AS n FROM leavers GROUP BY ALL)
SELECT a.authority, text_of(d.day) AS year_ending, g.leaver_age, k.home AS leaver_home,
  if_sent(sent, n) AS young_people,
  pct(coalesce(n, 0), sum(n) OVER (PARTITION BY a.authority, d.day, g.leaver_age)) AS share_pct
FROM (SELECT DISTINCT authority FROM oc3) a CROSS JOIN days d
CROSS JOIN (SELECT unnest(['17_18', '19_21']) AS leaver_age) g
CROSS JOIN (SELECT unnest(['parents_or_relatives', 'former_foster_carers', 'supported',
  'independent', 'emergency_or_none', 'custody', 'abroad', 'other_home', 'not_recorded'])
  AS home) k
LEFT JOIN oc3_sent t ON t.authority = a.authority AND t.sent = year(d.day)
LEFT JOIN counted c ON c.authority = a.authority AND c.day = d.day
  AND c.leaver_age = g.leaver_age AND c.home = k.home

-- measure: adoption_timeliness
WITH span AS (
  SELECT (day - INTERVAL 3 YEAR + INTERVAL 1 DAY)::DATE AS first, day AS last FROM last_day),
final AS (
  SELECT authority, child_id, care_period_id, placement_id, place_code
  FROM lasting, span WHERE rec IN ('E11', 'E12') AND dec BETWEEN first AND last
  QUALIFY row_number() OVER (PARTITION BY authority, child_id ORDER BY decom DESC) = 1),
chosen AS (
  SELECT l.* FROM lasting l SEMI JOIN final f ON f.authority = l.authority
    AND f.child_id = l.child_id AND f.care_period_id = l.care_period_id),
care AS (
  SELECT authority, care_period_id,
    CASE WHEN arg_min(rne, decom) = 'S' THEN min(decom) END AS entered,
    CASE WHEN arg_min(rne, decom) FILTER (legal_status IN ('E1', 'D1')) IN ('S', 'L', 'U', 'B')
      THEN min(decom) FILTER (legal_status IN ('E1', 'D1')) END AS ordered
  FROM chosen GROUP BY ALL),
stays AS (
  SELECT authority, care_period_id, placement_id, min(decom) AS begun,
    min(decom) FILTER (placement_group = 'adoption') AS moved_in
  FROM chosen GROUP BY ALL),
before AS (
  SELECT *, lag(begun) OVER (PARTITION BY authority, care_period_id ORDER BY placement_id)
    AS begun_before FROM stays),
adopted AS (
  SELECT f.authority, c.entered, c.ordered, b.moved_in,
    CASE WHEN b.moved_in IS NOT NULL THEN a.date_match END AS matched,
    CASE WHEN f.place_code IN ('A3', 'A5') OR coalesce(a.foster_care, false) THEN coalesce(
      CASE WHEN b.begun < b.moved_in THEN b.begun ELSE b.begun_before END, b.moved_in)
      ELSE b.moved_in END AS joined
  FROM final f JOIN care c USING (authority, care_period_id)
  JOIN before b USING (authority, care_period_id, placement_id)
  LEFT JOIN ad1 a ON a.authority = f.authority AND a.child_id = f.child_id),
waits AS (
  SELECT authority, unnest([
    {m: 'a1', d: date_diff('day', entered, moved_in)},
    {m: 'a10', d: CASE WHEN moved_in IS NOT NULL THEN date_diff('day', entered, joined) END},
    {m: 'a2', d: greatest(0, date_diff('day', ordered, matched::DATE))
      + 0 * date_diff('day', ordered, matched::DATE)}]) AS t
  FROM adopted),
counted AS (
  SELECT authority, t.m AS measure, count(t.d) AS counted, count(*) - count(t.d) AS not_recorded,
    sum(t.d) AS total
  FROM waits GROUP BY ALL)
SELECT a.authority, text_of(s.first) || '/' || text_of(s.last) AS period,
  'stay_safe' AS five_outcome, m.measure, coalesce(counted, 0) AS counted,
  coalesce(not_recorded, 0) AS not_recorded, per(total, counted, 1) AS days_mean
FROM areas a CROSS JOIN span s CROSS JOIN (SELECT unnest(['a1', 'a10', 'a2']) AS measure) m
LEFT JOIN counted c USING (authority, measure)

-- measure: adoption_within_12_months
WITH told AS (
  SELECT authority, child_id, date_placed::DATE AS decided_on, date_placed_ceased::DATE
    AS ceased_on, 1 AS place FROM placed_for_adoption
  UNION ALL SELECT authority, child_id, date_int::DATE, NULL, 2 FROM ad1),
decisions AS (
  SELECT * FROM told WHERE decided_on IS NOT NULL
  QUALIFY row_number() OVER (PARTITION BY authority, child_id ORDER BY decided_on, place) = 1),
care AS (
  SELECT authority, child_id, care_period_id, min(decom) AS entered,
    CASE WHEN count(dec) = count(*) THEN max(dec) END AS left_on,
    min(decom) FILTER (placement_group = 'adoption') AS placed_on
  FROM episodes GROUP BY ALL),
placed_then AS (
  SELECT d.*, c.placed_on, coalesce(c.placed_on <= d.decided_on + INTERVAL 1 YEAR, false)
    AS within
  FROM decisions d ASOF JOIN care c ON c.authority = d.authority AND c.child_id = d.child_id
    AND c.entered <= d.decided_on
  WHERE c.left_on IS NULL OR c.left_on > d.decided_on),
decided_in AS (
  SELECT last, (first - INTERVAL 1 YEAR)::DATE AS first, (last - INTERVAL 1 YEAR)::DATE AS ends
  FROM years),
counted AS (
  SELECT authority, y.last, count(*) AS denominator, count(*) FILTER (within) AS numerator
  FROM decided_in y JOIN placed_then p ON p.decided_on BETWEEN y.first AND y.ends
  WHERE within OR coalesce(ceased_on > decided_on + INTERVAL 1 YEAR, true)
  GROUP BY ALL)
SELECT a.authority, text_of(y.last) AS year_ending,
  text_of(y.first) || '/' || text_of(y.ends) AS decided, 'stay_safe' AS five_outcome,
  'adoption_within_12_months' AS measure, coalesce(numerator, 0) AS numerator,
  coalesce(denominator - numerator, 0) AS answered_no, coalesce(denominator, 0) AS denominator,
  pct(numerator, denominator) AS rate_pct
FROM areas a CROSS JOIN decided_in y
LEFT JOIN counted c ON c.authority = a.authority AND c.last = y.last
