-- The measures of population.

-- measure: children_looked_after
SELECT a.authority, text_of(d.day) AS as_at, coalesce(n.children, 0) AS children,
  per(coalesce(n.children, 0), p.children, 10000) AS rate_per_10000,
  p.children AS population_0_17, p.mid_year AS estimate_year
FROM areas a CROSS JOIN days d
LEFT JOIN (SELECT authority, day, count(DISTINCT child_id) AS children FROM stock GROUP BY ALL) n
  ON n.authority = a.authority AND n.day = d.day
LEFT JOIN population p ON p.authority = a.authority AND p.mid_year =
  (SELECT max(mid_year) FROM population q
   WHERE q.authority = a.authority AND make_date(q.mid_year, 6, 30) < d.day
     AND make_date(q.mid_year + 3, 6, 30) >= d.day)

-- measure: looked_after_by_month
WITH ends AS (
  SELECT last_day(month)::DATE AS day FROM years,
    generate_series(first, last, INTERVAL 1 MONTH) AS t(month)),
counted AS (
  SELECT authority, day, count(DISTINCT child_id) AS children
  FROM ends JOIN lasting ON decom <= day AND (dec IS NULL OR dec > day) GROUP BY ALL)
SELECT a.authority, text_of(e.day) AS as_at, coalesce(c.children, 0) AS children
FROM areas a CROSS JOIN ends e LEFT JOIN counted c USING (authority, day)

-- measure: children_by_age
WITH aged AS (
  SELECT authority, sex, child_id, years_old(dob, day) AS age FROM stock JOIN last_day USING (day)),
counted AS (
  SELECT a.authority, g.age_group, count(child_id) FILTER (sex = 'female') AS female,
    count(child_id) FILTER (sex = 'male') AS male, count(child_id) AS children,
    count(child_id) FILTER (age BETWEEN 18 AND 120) AS aged_18_and_over
  FROM areas a CROSS JOIN age_bands g
  LEFT JOIN aged b ON b.authority = a.authority AND age_band(b.age) = g.age_group
  GROUP BY ALL)
SELECT authority, (SELECT text_of(day) FROM last_day) AS as_at, age_group, female, male,
  children - female - male AS not_known, children,
  pct(children, sum(children) OVER (PARTITION BY authority)) AS share_pct, aged_18_and_over
FROM counted

-- measure: started_and_ceased
WITH periods AS (
  SELECT authority, care_period_id, any_value(child_id) AS child_id, min(decom) AS began,
    CASE WHEN count(dec) = count(*) THEN max(dec) END AS ended
  FROM lasting GROUP BY authority, care_period_id)
SELECT a.authority, text_of(y.last) AS year_ending,
  count(DISTINCT p.child_id) FILTER (p.began BETWEEN y.first AND y.last) AS started,
  count(DISTINCT p.child_id) FILTER (p.ended BETWEEN y.first AND y.last) AS ceased
FROM areas a CROSS JOIN years y LEFT JOIN periods p ON p.authority = a.authority
GROUP BY ALL

-- measure: edge_of_care
SELECT e.authority, text_of(e.as_at) AS as_at, e.edge_group AS at_the_edge, e.children,
  per(e.children, p.children, 10000) AS rate_per_10000, p.children AS population_0_17, p.mid_year AS estimate_year
FROM edge_of_care e
LEFT JOIN population p ON p.authority = e.authority AND p.mid_year =
  (SELECT max(mid_year) FROM population q
   WHERE q.authority = e.authority AND make_date(q.mid_year, 6, 30) < e.as_at
     AND make_date(q.mid_year + 3, 6, 30) >= e.as_at)

-- measure: children_by_ethnicity
WITH said AS (
  SELECT authority, day, CASE
    WHEN ethnicity_code IN ('REFU', 'NOBT') OR length(ethnicity_code) <> 4 THEN 'refused'
    ELSE coalesce(MAP {'W': 'white', 'M': 'mixed', 'A': 'asian', 'C': 'asian', 'B': 'black',
      'O': 'other_ethnic'}[ethnicity_code[1]], 'refused') END AS ethnicity_group
  FROM stock),
counted AS (SELECT authority, day, ethnicity_group, count(*) AS n FROM said GROUP BY ALL)
SELECT a.authority, text_of(d.day) AS as_at, g.ethnicity_group, coalesce(n, 0) AS children,
  pct(coalesce(n, 0), sum(n) OVER (PARTITION BY a.authority, d.day)) AS share_pct
FROM areas a CROSS JOIN days d CROSS JOIN (SELECT unnest(['white', 'mixed', 'asian', 'black',
  'other_ethnic', 'refused']) AS ethnicity_group) g
LEFT JOIN counted c ON c.authority = a.authority AND c.day = d.day
  AND c.ethnicity_group = g.ethnicity_group

-- measure: children_by_legal_status
WITH said AS (
  SELECT authority, day, CASE
    WHEN legal_status = 'C2' THEN 'full_care_order' WHEN legal_status = 'C1'
    THEN 'interim_care_order' WHEN legal_status IN ('E1', 'D1') THEN 'placement_order'
    WHEN legal_status = 'V2' THEN 'voluntary' WHEN legal_status IN ('L1', 'L2', 'L3')
    THEN 'child_protection' WHEN legal_status IN ('J1', 'J2', 'J3') THEN 'youth_justice'
    ELSE 'not_known' END AS legal_status_group
  FROM stock),
counted AS (SELECT authority, day, legal_status_group, count(*) AS n FROM said GROUP BY ALL)
SELECT a.authority, text_of(d.day) AS as_at, g.legal_status_group, coalesce(n, 0) AS children,
  pct(coalesce(n, 0), sum(n) OVER (PARTITION BY a.authority, d.day)) AS share_pct
FROM areas a CROSS JOIN days d CROSS JOIN (SELECT unnest(['full_care_order',
  'interim_care_order', 'placement_order', 'voluntary', 'child_protection', 'youth_justice',
  'not_known']) AS legal_status_group) g
LEFT JOIN counted c ON c.authority = a.authority AND c.day = d.day
  AND c.legal_status_group = g.legal_status_group

-- measure: children_by_need
WITH said AS (
  SELECT s.authority, s.day, CASE WHEN p.need_code IN ('N1', 'N2', 'N3', 'N4', 'N5', 'N6', 'N7',
    'N8') THEN p.need_code ELSE 'not_known' END AS category_of_need
  FROM stock s LEFT JOIN periods p USING (authority, care_period_id)),
counted AS (SELECT authority, day, category_of_need, count(*) AS n FROM said GROUP BY ALL)
SELECT a.authority, text_of(d.day) AS as_at, g.category_of_need, coalesce(n, 0) AS children,
  pct(coalesce(n, 0), sum(n) OVER (PARTITION BY a.authority, d.day)) AS share_pct
FROM areas a CROSS JOIN days d CROSS JOIN (SELECT unnest(['N1', 'N2', 'N3', 'N4', 'N5', 'N6',
  'N7', 'N8', 'not_known']) AS category_of_need) g
LEFT JOIN counted c ON c.authority = a.authority AND c.day = d.day
  AND c.category_of_need = g.category_of_need

-- measure: children_by_uasc
WITH said AS (
  SELECT authority, day, CASE WHEN ever_uasc AND (uasc_until IS NULL OR uasc_until > day)
    THEN 'uasc' ELSE 'not_uasc' END AS uasc FROM stock),
counted AS (SELECT authority, day, uasc, count(*) AS n FROM said GROUP BY ALL)
SELECT a.authority, text_of(d.day) AS as_at, g.uasc, coalesce(n, 0) AS children,
  pct(coalesce(n, 0), sum(n) OVER (PARTITION BY a.authority, d.day)) AS share_pct
FROM areas a CROSS JOIN days d CROSS JOIN (SELECT unnest(['uasc', 'not_uasc']) AS uasc) g
LEFT JOIN counted c ON c.authority = a.authority AND c.day = d.day AND c.uasc = g.uasc

-- measure: children_by_disability
WITH said AS (
  SELECT s.authority, CASE is_disabled WHEN true THEN 'disabled' WHEN false THEN 'not_disabled'
    ELSE 'not_known' END AS disability
  FROM stock s JOIN last_day USING (day) LEFT JOIN circumstances c USING (authority, child_id)),
counted AS (SELECT authority, disability, count(*) AS n FROM said GROUP BY ALL)
SELECT a.authority, (SELECT text_of(day) FROM last_day) AS as_at, g.disability,
  coalesce(n, 0) AS children,
  pct(coalesce(n, 0), sum(n) OVER (PARTITION BY a.authority)) AS share_pct
FROM (SELECT DISTINCT authority FROM circumstances) a
CROSS JOIN (SELECT unnest(['disabled', 'not_disabled', 'not_known']) AS disability) g
LEFT JOIN counted c USING (authority, disability)

-- measure: started_by_age
WITH counted AS (
  SELECT authority, last, age_band(years_old(dob, began)) AS age_group, count(*) AS n
  FROM started GROUP BY ALL)
SELECT a.authority, text_of(y.last) AS year_ending, g.age_group, coalesce(n, 0) AS children,
  pct(coalesce(n, 0), sum(n) OVER (PARTITION BY a.authority, y.last)) AS share_pct
FROM areas a CROSS JOIN years y CROSS JOIN age_bands g
LEFT JOIN counted c ON c.authority = a.authority AND c.last = y.last
  AND c.age_group = g.age_group

-- measure: started_by_need
WITH counted AS (
  SELECT authority, last, CASE need_code WHEN 'N1' THEN 'abuse_or_neglect'
    WHEN 'N4' THEN 'family_stress' WHEN 'N5' THEN 'family_stress' WHEN 'N8'
    THEN 'absent_parenting' ELSE CASE WHEN need_code IN ('N2', 'N3', 'N6', 'N7')
    THEN 'other_needs' ELSE 'not_known' END END AS category_of_need, count(*) AS n
  FROM started GROUP BY ALL)
SELECT a.authority, text_of(y.last) AS year_ending, g.category_of_need,
  coalesce(n, 0) AS children,
  pct(coalesce(n, 0), sum(n) OVER (PARTITION BY a.authority, y.last)) AS share_pct
FROM areas a CROSS JOIN years y CROSS JOIN (SELECT unnest(['abuse_or_neglect', 'family_stress',
  'absent_parenting', 'other_needs', 'not_known']) AS category_of_need) g
LEFT JOIN counted c ON c.authority = a.authority AND c.last = y.last
  AND c.category_of_need = g.category_of_need

-- measure: ceased_by_age
WITH counted AS (
  SELECT authority, last, CASE WHEN years_old(dob, ended) BETWEEN 16 AND 17 THEN '16_to_17'
    WHEN years_old(dob, ended) BETWEEN 18 AND 120 THEN '18_and_over'
    ELSE age_band(years_old(dob, ended)) END AS age_group, count(*) AS n
  FROM ceased GROUP BY ALL)
SELECT a.authority, text_of(y.last) AS year_ending, g.age_group, coalesce(n, 0) AS children,
  pct(coalesce(n, 0), sum(n) OVER (PARTITION BY a.authority, y.last)) AS share_pct
FROM areas a CROSS JOIN years y CROSS JOIN (SELECT unnest(['under_1', '1_to_4', '5_to_9',
  '10_to_15', '16_to_17', '18_and_over', 'not_known']) AS age_group) g
LEFT JOIN counted c ON c.authority = a.authority AND c.last = y.last
  AND c.age_group = g.age_group

-- measure: ceased_by_reason
WITH reasons (rec, reason_ceased) AS (VALUES
  ('E4A', 'home'), ('E4B', 'home'), ('E45', 'special_guardianship'),
  ('E46', 'special_guardianship'), ('E47', 'special_guardianship'),
  ('E48', 'special_guardianship'), ('E11', 'adopted'), ('E12', 'adopted'),
  ('E13', 'relatives_or_others'), ('E41', 'relatives_or_others'), ('E5', 'independent'),
  ('E6', 'independent'), ('E17', 'turned_18'), ('E3', 'transferred'), ('E7', 'transferred'),
  ('E9', 'youth_justice'), ('E14', 'youth_justice'), ('E8', 'other'), ('E2', 'other'),
  ('E15', 'other'), ('E16', 'other'), ('E99', 'no_later_return'), ('-', 'not_known')),
counted AS (
  SELECT authority, last, CASE WHEN rec = 'E8' AND years_old(dob, ended) >= 18 THEN 'turned_18'
    ELSE coalesce(reason_ceased, 'not_known') END AS reason_ceased, count(*) AS n
  FROM ceased LEFT JOIN reasons USING (rec) GROUP BY ALL)
SELECT a.authority, text_of(y.last) AS year_ending, g.reason_ceased, coalesce(n, 0) AS children,
  pct(coalesce(n, 0), sum(n) OVER (PARTITION BY a.authority, y.last)) AS share_pct
FROM areas a CROSS JOIN years y CROSS JOIN (SELECT DISTINCT reason_ceased FROM reasons) g
LEFT JOIN counted c ON c.authority = a.authority AND c.last = y.last
  AND c.reason_ceased = g.reason_ceased

-- measure: time_looked_after
WITH here AS (
  SELECT * FROM days JOIN periods ON began <= day AND (ended IS NULL OR ended > day)
  QUALIFY row_number() OVER (PARTITION BY authority, day, child_id
    ORDER BY care_period_id DESC) = 1),
counted AS (
  SELECT authority, day, duration_band(began, day, rne) AS duration_band, count(*) AS n
  FROM here GROUP BY ALL)
SELECT a.authority, text_of(d.day) AS as_at, g.duration_band, coalesce(n, 0) AS children,
  pct(coalesce(n, 0), sum(n) OVER (PARTITION BY a.authority, d.day)) AS share_pct
FROM areas a CROSS JOIN days d CROSS JOIN duration_bands g
LEFT JOIN counted c ON c.authority = a.authority AND c.day = d.day
  AND c.duration_band = g.duration_band

-- measure: duration_on_leaving
WITH counted AS (
  SELECT authority, last, duration_band(began, ended, rne) AS duration_band, count(*) AS n
  FROM ceased GROUP BY ALL)
SELECT a.authority, text_of(y.last) AS year_ending, g.duration_band, coalesce(n, 0) AS children,
  pct(coalesce(n, 0), sum(n) OVER (PARTITION BY a.authority, y.last)) AS share_pct
FROM areas a CROSS JOIN years y CROSS JOIN duration_bands g
LEFT JOIN counted c ON c.authority = a.authority AND c.last = y.last
  AND c.duration_band = g.duration_band

-- measure: turning_ages
WITH ahead AS (
  SELECT n, day, (day + to_years(n - 1))::DATE AS before, (day + to_years(n))::DATE AS after
  FROM last_day, range(1, 6) AS t(n)),
here AS (SELECT DISTINCT authority, child_id, dob FROM stock JOIN last_day USING (day)),
counted AS (
  SELECT authority, after,
    count(*) FILTER (years_old(dob, before) < 16 AND years_old(dob, after) >= 16) AS turning_16,
    count(*) FILTER (years_old(dob, before) < 18 AND years_old(dob, after) >= 18) AS turning_18
  FROM here, ahead GROUP BY ALL)
SELECT a.authority, text_of(h.day) AS as_at, text_of(h.after) AS year_ending, h.n AS years_ahead,
  coalesce(turning_16, 0) AS turning_16, coalesce(turning_18, 0) AS turning_18
FROM areas a CROSS JOIN ahead h
LEFT JOIN counted c ON c.authority = a.authority AND c.after = h.after

-- measure: siblings
WITH ids AS (
  SELECT authority, child_id, sibling_group_id AS g FROM circumstances
  WHERE sibling_group_id IS NOT NULL),
placed_at AS (
  SELECT authority, g, nullif(upper(replace(placement_postcode, ' ', '')), '') AS postcode,
    coalesce(upper(replace(provider_code, ' ', '')), '') AS provider_code,
    CASE WHEN upper(replace(urn, ' ', '')) NOT IN ('', 'XXXXXXX')
      THEN upper(replace(urn, ' ', '')) END AS urn
  FROM stock JOIN last_day USING (day) JOIN ids USING (authority, child_id)),
homes AS (
  SELECT authority, g, postcode || '|' || provider_code || '|' || coalesce(urn,
    CASE WHEN min(urn) OVER w = max(urn) OVER w THEN min(urn) OVER w END, '') AS home
  FROM placed_at WINDOW w AS (PARTITION BY authority, g, postcode, provider_code)),
counted AS (
  SELECT authority, g, home, count(*) OVER (PARTITION BY authority, g) AS size,
    count(home) OVER (PARTITION BY authority, g) AS known,
    count(*) OVER (PARTITION BY authority, g, home) AS same
  FROM homes),
said AS (
  SELECT authority, CASE WHEN size >= 4 THEN '4_and_over' ELSE size::TEXT END AS size, CASE
    WHEN home IS NULL THEN 'not_known'
    WHEN known < size AND (same = 1 OR same = known) THEN 'not_known'
    WHEN same = size THEN 'with_all' WHEN same = 1 THEN 'with_none'
    ELSE 'with_some' END AS together
  FROM counted WHERE size > 1),
summed AS (
  SELECT authority, coalesce(size, 'all') AS size, count(*) AS children,
    count(*) FILTER (together = 'with_all') AS with_all,
    count(*) FILTER (together = 'with_some') AS with_some,
    count(*) FILTER (together = 'with_none') AS with_none,
    count(*) FILTER (together = 'not_known') AS not_known
  FROM said GROUP BY GROUPING SETS ((authority, size), (authority)))
SELECT a.authority, (SELECT text_of(day) FROM last_day) AS as_at, k.size AS sibling_group_size,
  coalesce(children, 0) AS children, coalesce(with_all, 0) AS with_all,
  coalesce(with_some, 0) AS with_some, coalesce(with_none, 0) AS with_none,
  coalesce(not_known, 0) AS not_known, pct(with_all, children) AS with_all_pct
FROM (SELECT DISTINCT authority FROM ids) a
CROSS JOIN (SELECT unnest(['2', '3', '4_and_over', 'all']) AS size) k
LEFT JOIN summed s USING (authority, size)
