-- The library's measures in DuckDB's SQL, for all authorities at once: the definitions are the
-- docstrings of sufficiency_lib.metrics. `python -m benchmarks.metrics` holds the answers of
-- both sides against each other, row for row.
--
-- Tables, each from a parquet: episodes, population, names, days (31 Marches), and the other
-- tables of the return.

-- 100 x part / whole, half up to one decimal in whole numbers; NULL for a whole of 0.
CREATE MACRO pct(part, whole) AS
  CASE WHEN whole > 0
    THEN sign(part) * ((2000 * abs(part) + whole) // (2 * whole)) / 10.0 END;
CREATE MACRO per(part, whole, n) AS
  CASE WHEN whole > 0 THEN ((2 * n * part + whole) // (2 * whole))::DOUBLE END;
-- Completed years on a day; NULL for a birth not known or later.
CREATE MACRO years_old(dob, day) AS
  CASE WHEN dob <= day THEN year(day) - year(dob)
    - (month(dob) * 100 + day(dob) > month(day) * 100 + day(day))::INT END;
CREATE MACRO text_of(day) AS strftime(day, '%Y-%m-%d');

ALTER TABLE episodes ALTER decom TYPE DATE;
ALTER TABLE episodes ALTER dec TYPE DATE;
ALTER TABLE episodes ALTER dob TYPE DATE;
ALTER TABLE episodes ALTER uasc_until TYPE DATE;

CREATE TABLE areas AS SELECT DISTINCT authority FROM episodes;
CREATE TABLE years AS
  SELECT day::DATE AS last, (day::DATE - INTERVAL 1 YEAR + INTERVAL 1 DAY)::DATE AS first
  FROM days;
ALTER TABLE days ALTER day TYPE DATE;
CREATE TABLE last_day AS SELECT max(day) AS day FROM days;
CREATE TABLE groups (placement_group TEXT, place INT);
INSERT INTO groups VALUES
  ('kinship_fostering', 1), ('fostering', 2), ('childrens_home', 3), ('secure', 4),
  ('supported_accommodation', 5), ('residential_school', 6), ('other_residential', 7),
  ('parents', 8), ('adoption', 9), ('temporary', 10), ('other', 11);

CREATE VIEW lasting AS SELECT * FROM episodes WHERE NOT is_short_break;
-- The children of each day, one row each; no distance for who was UASC within two years.
CREATE VIEW stock AS
  SELECT days.day, e.* REPLACE (
    CASE WHEN NOT hidden THEN e.distance_miles END AS distance_miles,
    CASE WHEN hidden THEN 'not_known' ELSE e.distance_band END AS distance_band)
  FROM days JOIN lasting e ON e.decom <= days.day AND (e.dec IS NULL OR e.dec > days.day),
  LATERAL (SELECT e.ever_uasc AND (e.uasc_until IS NULL
    OR e.uasc_until + INTERVAL 2 YEAR > days.day) AS hidden);
-- The placements made in each year: stays with a carer that began in it.
CREATE VIEW placed AS
  SELECT y.first, y.last, e.* REPLACE (
    CASE WHEN NOT hidden THEN e.distance_miles END AS distance_miles,
    CASE WHEN hidden THEN 'not_known' ELSE e.distance_band END AS distance_band)
  FROM years y JOIN lasting e ON e.decom BETWEEN y.first AND y.last AND e.rne IN ('S', 'P', 'B'),
  LATERAL (SELECT e.ever_uasc AND (e.uasc_until IS NULL
    OR e.uasc_until + INTERVAL 2 YEAR > e.decom) AS hidden);
CREATE MACRO nights_in(decom, ended, first, last) AS
  greatest(0, date_diff('day', greatest(decom, first),
    least(coalesce(ended, (last + 1)::DATE), (last + 1)::DATE)));
CREATE VIEW nights AS
  SELECT y.first, y.last, e.*, nights_in(e.decom, e.dec, y.first, y.last) AS nights
  FROM years y JOIN lasting e ON e.decom <= y.last AND (e.dec IS NULL OR e.dec > y.first);

CREATE MACRO age_band(age) AS CASE
  WHEN age = 0 THEN 'under_1' WHEN age BETWEEN 1 AND 4 THEN '1_to_4'
  WHEN age BETWEEN 5 AND 9 THEN '5_to_9' WHEN age BETWEEN 10 AND 15 THEN '10_to_15'
  WHEN age BETWEEN 16 AND 120 THEN '16_and_over' ELSE 'not_known' END;
CREATE TABLE age_bands AS SELECT unnest(
  ['under_1', '1_to_4', '5_to_9', '10_to_15', '16_and_over', 'not_known']) AS age_group;
CREATE MACRO share_of_fostering(placement_group, provider) AS CASE
  WHEN placement_group = 'kinship_fostering' AND provider = 'own' THEN 'kinship'
  WHEN placement_group = 'fostering' AND provider = 'own' THEN 'in_house'
  WHEN placement_group NOT IN ('kinship_fostering', 'fostering') THEN NULL
  WHEN provider IN ('private', 'voluntary') THEN 'ifa'
  WHEN provider IN ('other_la', 'other_public') THEN 'other_public' END;
CREATE MACRO sector(provider) AS CASE
  WHEN provider = 'own' THEN 'own_provision'
  WHEN provider IN ('other_la', 'other_public') THEN 'public_provision'
  WHEN provider IN ('private', 'voluntary') THEN 'independent_provision'
  ELSE 'no_provider' END;
CREATE TABLE sectors AS SELECT unnest(['own_provision', 'public_provision',
  'independent_provision', 'no_provider']) AS provider_group;
CREATE MACRO fostered_by(placement_group, provider) AS
  CASE WHEN placement_group NOT IN ('kinship_fostering', 'fostering') THEN placement_group
    ELSE CASE share_of_fostering(placement_group, provider) WHEN 'kinship' THEN 'kinship'
      WHEN 'in_house' THEN 'fostering_in_house' WHEN 'ifa' THEN 'fostering_ifa'
      ELSE 'fostering_other' END END;
-- The cohorts of the rates of locality that hold a placement.
CREATE MACRO cohorts_of(placement_group, provider) AS
  ['all', placement_group, CASE WHEN placement_group = 'fostering' THEN
    CASE WHEN provider = 'own' THEN 'fostering_in_house'
      WHEN provider IN ('private', 'voluntary') THEN 'fostering_ifa' END END];
CREATE TABLE cohorts AS
  SELECT 'all' AS cohort UNION ALL SELECT placement_group FROM groups
  UNION ALL SELECT unnest(['fostering_in_house', 'fostering_ifa']);
CREATE TABLE rules AS SELECT unnest(['home_20_miles', 'centre_20_miles', 'boundary_20_miles',
  'in_area', 'border_10_miles']) AS rule;
-- Whether a placement is local under each rule, in the order of `rules`.
CREATE MACRO near_by_rule(distance, centre, border, placed_in, own) AS [
  {rule: 'home_20_miles', near: distance <= 20}, {rule: 'centre_20_miles', near: centre <= 20},
  {rule: 'boundary_20_miles', near: border <= 20}, {rule: 'in_area', near: placed_in = own},
  {rule: 'border_10_miles', near: border <= 10}];

-- One row a period of care, and those that began and that ended in each year, one a child.
CREATE VIEW periods AS
  SELECT authority, care_period_id, first(child_id ORDER BY decom, dec) AS child_id,
    min(decom) AS began, CASE WHEN count(dec) = count(*) THEN max(dec) END AS ended,
    first(dob ORDER BY decom, dec) AS dob, first(rne ORDER BY decom, dec) AS rne,
    last(rec ORDER BY decom, dec) AS rec,
    first(need_code ORDER BY decom, dec) FILTER (need_code IS NOT NULL) AS need_code
  FROM lasting GROUP BY authority, care_period_id;
CREATE VIEW started AS
  SELECT * FROM years JOIN periods ON began BETWEEN years.first AND years.last
  QUALIFY row_number() OVER (PARTITION BY authority, years.last, child_id ORDER BY began) = 1;
CREATE VIEW ceased AS
  SELECT * FROM years JOIN periods ON ended BETWEEN years.first AND years.last
  QUALIFY row_number() OVER (PARTITION BY authority, years.last, child_id
    ORDER BY ended DESC, began DESC) = 1;
CREATE MACRO duration_band(began, until, rne) AS CASE
  WHEN until >= began + INTERVAL 60 MONTH THEN '5_years_and_over'
  WHEN rne IS DISTINCT FROM 'S' THEN 'not_known'
  WHEN until >= began + INTERVAL 36 MONTH THEN '3_to_5_years'
  WHEN until >= began + INTERVAL 24 MONTH THEN '2_to_3_years'
  WHEN until >= began + INTERVAL 12 MONTH THEN '1_to_2_years'
  WHEN until >= began + INTERVAL 6 MONTH THEN '6_to_12_months' ELSE 'under_6_months' END;
CREATE TABLE duration_bands AS SELECT unnest(['under_6_months', '6_to_12_months', '1_to_2_years',
  '2_to_3_years', '3_to_5_years', '5_years_and_over', 'not_known']) AS duration_band;

CREATE MACRO tenth(total, count) AS
  CASE WHEN count > 0 THEN ((20 * total + count) // (2 * count)) / 10.0 END;
CREATE TABLE move_reasons AS SELECT unnest(['ALLEG', 'APPRR', 'CREQO', 'CREQB', 'PLACE', 'CARPL',
  'CHILD', 'CUSTOD', 'OTHER', 'CLOSE', 'LAREQ', 'STAND', 'not_recorded']) AS reason;
-- The episodes that a change of placement ended, by the year of their end.
CREATE VIEW moves AS
  WITH followed AS (
    SELECT *, CASE WHEN reason_place_change IN (SELECT reason FROM move_reasons)
      THEN reason_place_change ELSE 'not_recorded' END AS reason,
      lead(care_period_id) OVER w AS next_period, lead(rne) OVER w AS next_rne,
      lead(placement_group) OVER w AS next_group
    FROM lasting WINDOW w AS (PARTITION BY authority, child_id ORDER BY decom))
  SELECT y.last, f.* FROM years y JOIN followed f ON f.dec BETWEEN y.first AND y.last
  WHERE rec = 'X1' AND next_period = care_period_id AND next_rne IN ('P', 'T', 'B', 'U')
    AND (reason <> 'not_recorded'
      OR (placement_group <> 'temporary' AND next_group <> 'temporary'));
-- How long each period of care lasted that began in the years of the returns, and whether its
-- end was seen.
CREATE VIEW lengths AS
  SELECT p.authority, p.child_id, age_band(years_old(p.dob, p.began)) AS age_group,
    date_diff('day', p.began, CASE WHEN p.ended <= d.day THEN p.ended ELSE d.day END) AS days,
    coalesce(p.ended <= d.day AND p.rec IS DISTINCT FROM 'E99', false) AS seen
  FROM periods p, last_day d
  WHERE p.began BETWEEN (SELECT min(first) FROM years) AND d.day;
CREATE MACRO months_of(days) AS floor(days * 10 / (365.25 / 12) + 0.5) / 10;
-- Children looked after for twelve months, with their row of OC2.
CREATE VIEW looked_after_a_year AS
  SELECT s.authority, s.day, s.child_id, years_old(s.dob, s.day) AS age,
    o.* EXCLUDE (authority, child_id, dob, return_year)
  FROM stock s
  JOIN (SELECT authority, care_period_id, min(decom) AS since FROM lasting GROUP BY ALL) p
    ON p.authority = s.authority AND p.care_period_id = s.care_period_id
    AND p.since <= s.day - INTERVAL 1 YEAR + INTERVAL 1 DAY
  LEFT JOIN oc2 o ON o.authority = s.authority AND o.child_id = s.child_id
    AND o.return_year = year(s.day);
CREATE VIEW leavers AS
  SELECT o.authority, d.day, o.in_touch, o.accom, CASE
    WHEN years_old(o.dob::DATE, d.day) BETWEEN 17 AND 18 THEN '17_18' ELSE '19_21' END
    AS leaver_age,
    CASE WHEN activ IN ('F1', 'P1') THEN 'higher_education' WHEN activ IN ('F2', 'P2')
    THEN 'other_education' WHEN activ IN ('F3', 'P3', 'F4', 'P4', 'F5', 'P5')
    THEN 'training_or_work' WHEN activ = 'G4' THEN 'illness_or_disability' WHEN activ = 'G6'
    THEN 'pregnancy_or_parenting' WHEN activ = 'G5' THEN 'other_reasons'
    ELSE 'not_recorded' END AS activity,
    coalesce(MAP {'B': 'parents_or_relatives', 'Z': 'former_foster_carers', 'C': 'supported',
      'D': 'supported', 'E': 'supported', 'T': 'supported', 'U': 'independent',
      'K': 'independent', 'S': 'emergency_or_none', 'V': 'emergency_or_none',
      'W': 'emergency_or_none', 'X': 'custody', 'G': 'abroad', 'H': 'abroad',
      'Y': 'other_home'}[accom[1]], 'not_recorded') AS home
  FROM oc3 o JOIN days d ON o.return_year = year(d.day)
  WHERE coalesce(in_touch, '') NOT IN ('DIED', 'RHOM')
    AND years_old(o.dob::DATE, d.day) BETWEEN 17 AND 21;
-- A count that rests on a table of the return: not known for a year in which it was not sent.
CREATE MACRO if_sent(sent, count) AS CASE WHEN sent IS NOT NULL THEN coalesce(count, 0) END;
CREATE TABLE oc2_sent AS SELECT DISTINCT authority, return_year AS sent FROM oc2;
CREATE TABLE oc3_sent AS SELECT DISTINCT authority, return_year AS sent FROM oc3;
