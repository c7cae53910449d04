-- The measures of provision and bed nights.

-- measure: placement_mix
WITH counted AS (
  SELECT authority, day, placement_group, provider, count(*) AS children FROM stock GROUP BY ALL),
pairs AS (SELECT DISTINCT authority, placement_group, provider FROM counted)
SELECT p.authority, text_of(d.day) AS as_at, p.placement_group, p.provider,
  coalesce(c.children, 0) AS children,
  pct(coalesce(c.children, 0),
    sum(coalesce(c.children, 0)) OVER (PARTITION BY p.authority, d.day)) AS share_pct
FROM pairs p CROSS JOIN days d
LEFT JOIN counted c ON c.authority = p.authority AND c.placement_group = p.placement_group
  AND c.provider = p.provider AND c.day = d.day

-- measure: placement_change
WITH ends AS (SELECT min(day) AS first, max(day) AS last FROM days),
counted AS (
  SELECT authority, placement_group, provider, first, last,
    count(*) FILTER (day = first) AS start_children, count(*) FILTER (day = last) AS end_children
  FROM stock, ends WHERE day IN (first, last) GROUP BY ALL)
SELECT authority, placement_group, provider, text_of(first) AS start_date,
  text_of(last) AS end_date, start_children, end_children,
  end_children - start_children AS change,
  pct(end_children - start_children, start_children) AS change_pct
FROM counted

-- measure: placement_change_by_group
WITH ends AS (SELECT min(day) AS first, max(day) AS last FROM days),
counted AS (
  SELECT authority, coalesce(placement_group, 'all') AS placement_group,
    count(*) FILTER (day = first) AS start_children, count(*) FILTER (day = last) AS end_children
  FROM stock, ends WHERE day IN (first, last)
  GROUP BY GROUPING SETS ((authority, placement_group), (authority)))
SELECT authority, placement_group, text_of(first) AS start_date, text_of(last) AS end_date,
  start_children, end_children, end_children - start_children AS change,
  pct(end_children - start_children, start_children) AS change_pct
FROM counted, ends

-- measure: placement_change_by_cohort
WITH ends AS (SELECT min(day) AS first, max(day) AS last FROM days),
counted AS (
  SELECT authority, coalesce(cohort, 'total') AS cohort,
    count(*) FILTER (day = first) AS start_children, count(*) FILTER (day = last) AS end_children
  FROM (SELECT *, fostered_by(placement_group, provider) AS cohort FROM stock, ends
    WHERE day IN (first, last))
  GROUP BY GROUPING SETS ((authority, cohort), (authority)))
SELECT authority, cohort, text_of(first) AS start_date, text_of(last) AS end_date,
  start_children, end_children, end_children - start_children AS change,
  pct(end_children - start_children, start_children) AS change_pct
FROM counted, ends

-- measure: placements_by_sector
WITH counted AS (
  SELECT authority, day, coalesce(cohort, 'total') AS cohort, count(*) AS children,
    count(*) FILTER (sector(provider) = 'own_provision') AS own_provision,
    count(*) FILTER (sector(provider) = 'public_provision') AS public_provision,
    count(*) FILTER (sector(provider) = 'independent_provision') AS independent_provision,
    count(*) FILTER (sector(provider) = 'no_provider') AS no_provider
  FROM (SELECT *, fostered_by(placement_group, provider) AS cohort FROM stock)
  GROUP BY GROUPING SETS ((authority, day, cohort), (authority, day))),
met AS (
  SELECT DISTINCT authority, cohort FROM counted
  UNION SELECT authority, 'total' FROM areas)
SELECT m.authority, text_of(d.day) AS as_at, m.cohort,
  coalesce(own_provision, 0) AS own_provision, coalesce(public_provision, 0) AS public_provision,
  coalesce(independent_provision, 0) AS independent_provision,
  coalesce(no_provider, 0) AS no_provider, coalesce(children, 0) AS children,
  pct(coalesce(children, 0), sum(children) FILTER (m.cohort = 'total')
    OVER (PARTITION BY m.authority, d.day)) AS share_pct
FROM met m CROSS JOIN days d
LEFT JOIN counted c ON c.authority = m.authority AND c.cohort = m.cohort
  AND c.day = d.day

-- measure: placement_mix_dfe
WITH named AS (
  SELECT authority, day, CASE
    WHEN placement_group IN ('kinship_fostering', 'fostering') THEN 'Foster placements'
    WHEN placement_group IN ('childrens_home', 'secure')
      THEN 'Secure homes and children''s homes'
    WHEN placement_group = 'supported_accommodation' THEN 'Independent and semi-independent'
      || ' living arrangements/supported accommodation'
    WHEN placement_group = 'residential_school' THEN 'Residential schools'
    WHEN placement_group = 'other_residential' THEN 'Other residential settings'
    WHEN placement_group = 'parents'
      THEN 'Placed with parents or other person with parental responsibility'
    WHEN placement_group = 'adoption' THEN 'Placed for adoption'
    ELSE 'Other placements' END AS dfe_placement_group
  FROM stock),
counted AS (SELECT authority, day, dfe_placement_group, count(*) AS n FROM named GROUP BY ALL)
SELECT a.authority, text_of(d.day) AS as_at, g.dfe_placement_group, coalesce(n, 0) AS children,
  pct(coalesce(n, 0), sum(n) OVER (PARTITION BY a.authority, d.day)) AS share_pct
FROM areas a CROSS JOIN days d
CROSS JOIN (SELECT DISTINCT dfe_placement_group FROM counted) g
LEFT JOIN counted c ON c.authority = a.authority AND c.day = d.day
  AND c.dfe_placement_group = g.dfe_placement_group

-- measure: sixteen_plus
WITH counted AS (
  SELECT authority, day, coalesce(cohort, 'total') AS cohort, count(*) AS children,
    count(*) FILTER (sector(provider) = 'own_provision') AS own_provision,
    count(*) FILTER (sector(provider) = 'public_provision') AS public_provision,
    count(*) FILTER (sector(provider) = 'independent_provision') AS independent_provision,
    count(*) FILTER (sector(provider) = 'no_provider') AS no_provider
  FROM (SELECT *, fostered_by(placement_group, provider) AS one, CASE WHEN one IN ('kinship',
    'fostering_in_house', 'fostering_ifa', 'childrens_home', 'supported_accommodation')
    THEN one ELSE 'elsewhere' END AS cohort
    FROM stock WHERE years_old(dob, day) BETWEEN 16 AND 120)
  GROUP BY GROUPING SETS ((authority, day, cohort), (authority, day))),
met AS (
  SELECT DISTINCT authority, cohort FROM counted
  UNION SELECT authority, 'total' FROM areas)
SELECT m.authority, text_of(d.day) AS as_at, m.cohort,
  coalesce(own_provision, 0) AS own_provision, coalesce(public_provision, 0) AS public_provision,
  coalesce(independent_provision, 0) AS independent_provision,
  coalesce(no_provider, 0) AS no_provider, coalesce(children, 0) AS children,
  pct(coalesce(children, 0), sum(children) FILTER (m.cohort = 'total')
    OVER (PARTITION BY m.authority, d.day)) AS share_pct
FROM met m CROSS JOIN days d
LEFT JOIN counted c ON c.authority = m.authority AND c.cohort = m.cohort
  AND c.day = d.day

-- measure: new_placements
WITH counted AS (
  SELECT authority, last, placement_group, provider, count(*) AS starts,
    count(DISTINCT child_id) AS base_starts
  FROM placed GROUP BY ALL),
pairs AS (SELECT DISTINCT authority, placement_group, provider FROM counted)
SELECT p.authority, text_of(y.last) AS year_ending, p.placement_group, p.provider,
  coalesce(c.starts, 0) AS starts, coalesce(c.base_starts, 0) AS base_starts
FROM pairs p CROSS JOIN years y
LEFT JOIN counted c ON c.authority = p.authority AND c.last = y.last
  AND c.placement_group = p.placement_group AND c.provider = p.provider

-- measure: new_placements_by_sector
WITH counted AS (
  SELECT authority, last, coalesce(cohort, 'total') AS cohort, count(*) AS starts,
    count(DISTINCT child_id) AS base_starts,
    count(*) FILTER (sector(provider) = 'own_provision') AS own_provision,
    count(DISTINCT child_id) FILTER (sector(provider) = 'own_provision') AS base_own_provision,
    count(*) FILTER (sector(provider) = 'public_provision') AS public_provision,
    count(DISTINCT child_id) FILTER (sector(provider) = 'public_provision') AS base_public_provision,
    count(*) FILTER (sector(provider) = 'independent_provision') AS independent_provision,
    count(DISTINCT child_id) FILTER (sector(provider) = 'independent_provision')
      AS base_independent_provision,
    count(*) FILTER (sector(provider) = 'no_provider') AS no_provider,
    count(DISTINCT child_id) FILTER (sector(provider) = 'no_provider') AS base_no_provider
  FROM (SELECT *, fostered_by(placement_group, provider) AS cohort FROM placed)
  GROUP BY GROUPING SETS ((authority, last, cohort), (authority, last))),
met AS (
  SELECT DISTINCT authority, cohort FROM counted
  UNION SELECT authority, 'total' FROM areas)
SELECT m.authority, text_of(y.last) AS year_ending, m.cohort,
  pct(coalesce(starts, 0), sum(starts) FILTER (m.cohort = 'total')
    OVER (PARTITION BY m.authority, y.last)) AS share_pct,
  coalesce(COLUMNS(c.* EXCLUDE (authority, last, cohort)), 0)
FROM met m CROSS JOIN years y
LEFT JOIN counted c ON c.authority = m.authority AND c.cohort = m.cohort
  AND c.last = y.last

-- measure: fostering_split
WITH parted AS (
  SELECT *, share_of_fostering(placement_group, provider) AS part FROM lasting
  WHERE part IS NOT NULL),
weighed AS (
  SELECT authority, 'children' AS basis, text_of(day) AS period, part, child_id, 1 AS weight
  FROM parted JOIN days ON decom <= day AND (dec IS NULL OR dec > day)
  UNION ALL
  SELECT authority, 'new_placements', text_of(first) || '/' || text_of(last), part, child_id, 1
  FROM parted JOIN years ON decom BETWEEN first AND last WHERE rne IN ('S', 'P', 'B')
  UNION ALL
  SELECT authority, 'bed_nights', text_of(first) || '/' || text_of(last), part, child_id,
    nights_in(decom, dec, first, last)
  FROM parted JOIN years ON decom <= last AND (dec IS NULL OR dec > first)),
shown AS (
  SELECT 'children' AS basis, text_of(day) AS period FROM days
  UNION ALL SELECT b, text_of(first) || '/' || text_of(last)
  FROM years, unnest(['bed_nights', 'new_placements']) AS t(b)),
of_child AS (
  SELECT authority, basis, period, part, child_id, sum(weight) AS weight
  FROM weighed GROUP BY ALL),
counted AS (
  SELECT a.authority, s.basis, s.period,
    coalesce(sum(weight) FILTER (part = 'kinship'), 0) AS kinship,
    coalesce(sum(weight) FILTER (part = 'in_house'), 0) AS in_house,
    coalesce(sum(weight) FILTER (part = 'ifa'), 0) AS ifa,
    coalesce(sum(weight) FILTER (part = 'other_public'), 0) AS other_public,
    count(child_id) FILTER (part = 'kinship') AS base_kinship,
    count(child_id) FILTER (part = 'in_house') AS base_in_house,
    count(child_id) FILTER (part = 'ifa') AS base_ifa,
    count(child_id) FILTER (part = 'other_public') AS base_other_public
  FROM areas a CROSS JOIN shown s
  LEFT JOIN of_child w ON w.authority = a.authority AND w.basis = s.basis AND w.period = s.period
  GROUP BY ALL)
SELECT *, pct(in_house, in_house + ifa) AS in_house_pct,
  pct(in_house + kinship, in_house + kinship + ifa) AS in_house_incl_kinship_pct
FROM counted

-- measure: fostering_split_by_age
WITH parted AS (
  SELECT *, share_of_fostering(placement_group, provider) AS part,
    age_band(years_old(dob, day)) AS age_group
  FROM stock JOIN last_day USING (day)),
counted AS (
  SELECT a.authority, g.age_group, count(*) FILTER (part = 'kinship') AS kinship,
    count(*) FILTER (part = 'in_house') AS in_house, count(*) FILTER (part = 'ifa') AS ifa,
    count(*) FILTER (part = 'other_public') AS other_public
  FROM areas a CROSS JOIN age_bands g LEFT JOIN parted p
    ON p.authority = a.authority AND p.age_group = g.age_group
  GROUP BY ALL)
SELECT *, (SELECT text_of(day) FROM last_day) AS as_at,
  pct(in_house, in_house + ifa) AS in_house_pct,
  pct(in_house + kinship, in_house + kinship + ifa) AS in_house_incl_kinship_pct
FROM counted

-- measure: bed_nights
WITH counted AS (
  SELECT authority, last, placement_group, provider, sum(nights) AS nights,
    count(DISTINCT child_id) AS base_nights
  FROM nights WHERE nights > 0 GROUP BY ALL),
pairs AS (SELECT DISTINCT authority, placement_group, provider FROM counted)
SELECT p.authority, text_of(y.last) AS year_ending, p.placement_group, p.provider,
  coalesce(c.nights, 0) AS nights, coalesce(c.base_nights, 0) AS base_nights
FROM pairs p CROSS JOIN years y
LEFT JOIN counted c ON c.authority = p.authority AND c.last = y.last
  AND c.placement_group = p.placement_group AND c.provider = p.provider

-- measure: bed_nights_by_cohort
WITH counted AS (
  SELECT authority, last, coalesce(cohort, 'total') AS cohort, sum(nights) AS nights,
    count(DISTINCT child_id) AS base_nights
  FROM (SELECT *, fostered_by(placement_group, provider) AS cohort FROM nights WHERE nights > 0)
  GROUP BY GROUPING SETS ((authority, last, cohort), (authority, last))),
met AS (
  SELECT DISTINCT authority, cohort FROM counted UNION SELECT authority, 'total' FROM areas)
SELECT m.authority, text_of(y.last) AS year_ending, m.cohort,
  coalesce(c.nights, 0) AS nights, coalesce(c.base_nights, 0) AS base_nights
FROM met m CROSS JOIN years y
LEFT JOIN counted c ON c.authority = m.authority AND c.last = y.last AND c.cohort = m.cohort

-- measure: bed_nights_by_month
WITH months AS (
  SELECT month::DATE AS first, last_day(month)::DATE AS last FROM generate_series(
    (SELECT min(first) FROM years), (SELECT max(last) FROM years), INTERVAL 1 MONTH) AS t(month)),
slept AS (
  SELECT authority, child_id, decom, dec, fostered_by(placement_group, provider) AS cohort
  FROM lasting WHERE dec IS NULL OR dec > decom),
of_child AS (
  SELECT authority, cohort, child_id, m.first, sum(nights_in(decom, dec, m.first, m.last)) AS n
  FROM months m JOIN slept e ON e.decom <= m.last AND (e.dec IS NULL OR e.dec > m.first)
  GROUP BY ALL),
counted AS (
  SELECT authority, cohort, first, sum(n) AS nights, count(*) AS base_nights
  FROM of_child GROUP BY ALL),
met AS (SELECT DISTINCT authority, cohort FROM counted)
SELECT t.authority, t.cohort, strftime(m.first, '%Y-%m') AS month,
  coalesce(c.nights, 0) AS nights, coalesce(c.base_nights, 0) AS base_nights,
  tenth(coalesce(c.nights, 0), date_diff('day', m.first, m.last) + 1) AS average_children
FROM met t CROSS JOIN months m
LEFT JOIN counted c ON c.authority = t.authority AND c.cohort = t.cohort AND c.first = m.first

-- measure: unregistered_and_other
WITH due AS (
  SELECT *, coalesce(urn, '') IN ('', 'XXXXXXX') AS unnamed
  FROM lasting WHERE place_code IN ('K2', 'K3', 'H5')
    AND coalesce(placement_authority, '')[1] NOT IN ('W', 'S', 'N')),
silent AS (SELECT authority FROM due GROUP BY ALL HAVING bool_and(unnamed)),
stays AS (
  SELECT authority, child_id, 'other_placements' AS arrangement, decom, dec
  FROM lasting WHERE place_code IN ('Z1', 'Z11', 'Z12', 'Z13', 'Z14')
  UNION ALL
  SELECT authority, child_id, 'under_16_supported', decom,
    least(coalesce(dec, dob + INTERVAL 16 YEAR), dob + INTERVAL 16 YEAR)::DATE AS until
  FROM lasting WHERE placement_group = 'supported_accommodation' AND dob IS NOT NULL
    AND until > decom
  UNION ALL
  SELECT authority, child_id, 'home_without_urn', decom, dec
  FROM due WHERE unnamed AND place_code = 'K2'
  UNION ALL
  SELECT authority, child_id, 'supported_without_urn', greatest(decom, DATE '2023-10-28'), dec
  FROM due WHERE unnamed AND place_code IN ('K3', 'H5')),
slept AS (
  SELECT *, nights_in(decom, dec, first, last) AS nights
  FROM years JOIN stays ON decom <= last AND (dec IS NULL OR dec > first)
  WHERE dec IS NULL OR dec > decom),
counted AS (
  SELECT authority, arrangement, last, sum(nights) AS nights,
    count(DISTINCT child_id) FILTER (dec IS NULL OR dec > last) AS children_at_year_end,
    count(DISTINCT child_id) AS children_in_year
  FROM slept WHERE nights > 0 GROUP BY ALL)
SELECT a.authority, k.arrangement, text_of(y.last) AS year_ending,
  CASE WHEN NOT hidden THEN coalesce(c.children_at_year_end, 0) END AS children_at_year_end,
  CASE WHEN NOT hidden THEN coalesce(c.children_in_year, 0) END AS children_in_year,
  CASE WHEN NOT hidden THEN coalesce(c.nights, 0) END AS nights,
  CASE WHEN NOT hidden THEN coalesce(c.children_in_year, 0) END AS base_nights
FROM areas a CROSS JOIN years y CROSS JOIN (SELECT unnest(['other_placements',
  'under_16_supported', 'home_without_urn', 'supported_without_urn']) AS arrangement) k
LEFT JOIN counted c ON c.authority = a.authority AND c.arrangement = k.arrangement
  AND c.last = y.last,
LATERAL (SELECT k.arrangement LIKE '%_without_urn' AND a.authority IN (FROM silent) AS hidden)
