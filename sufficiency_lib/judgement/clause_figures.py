"""The figures that answer the clauses: in which table of the page each one stands.

Named once here, as several clauses ask for the same one.
"""

from __future__ import annotations

from collections.abc import Mapping

from sufficiency_lib.judgement.clause import (
    FURTHEST,
    IN_FORCE,
    NEXT,
    OF_ROW,
    Finder,
    fan,
)

_REGISTER = "provision.csv: places, vacancies, owner, grade and authority of each provider"
_CARERS = "carers.csv: approvals, places and children placed of each fostering household"
_REFERRALS = "referrals.csv: what was sought, offered and made, with dates"
_LEDGER = "ledger.csv with weekly costs, and costs = true under [publish] in profile.toml"
_CIRCUMSTANCES = "circumstances.csv: sibling groups and disability"
_CAPACITY = "capacity_places in profile.toml, or carers.csv"

#: Table → the data it takes beside the returns, as a sentence names them.
DATA: Mapping[str, str] = {
    "children_looked_after": "population.csv",
    "edge_of_care": "edge_of_care.csv: children in need and on plans, by date",
    "siblings": _CIRCUMSTANCES,
    "children_by_disability": _CIRCUMSTANCES,
    "equity": f"enough children to compare, and {_CIRCUMSTANCES}",
    "number_and_range": _REGISTER,
    "provider_concentration": _REGISTER,
    "supply_by_type": _REGISTER,
    "supply_by_area": _REGISTER,
    "supply_by_grade": _REGISTER,
    "fostering_households": _CARERS,
    "fostering_capacity": _CARERS,
    "fostering_bed_use": _CARERS,
    "providers_nearby": "provision.csv and carers.csv with postcodes",
    "gain_from_adding": "provision.csv and carers.csv with postcodes, and the area's outline",
    "waiting_and_vacancies": "referrals.csv with open searches, provision.csv and carers.csv",
    "searches": _REFERRALS,
    "sought_and_made": _REFERRALS,
    "unexpected_demand": _CAPACITY,
    "weekly_costs": _LEDGER,
    "spend_by_year": _LEDGER,
    "dearest_placements": _LEDGER,
    "full_unit_costs": _LEDGER,
    "invest_to_save": _LEDGER,
    "section_251": "the published table of section 251 unit costs in the reference store",
    "target_progress": "targets with a baseline in profile.toml",
    "sufficiency_gap": "returns of enough years for a forecast, provision.csv and carers.csv",
}
#: Of every other table.
RETURNS = "SSDA903 returns with the columns and years that the table takes"

# Children
CHILDREN = Finder("children_looked_after", "children", "Children looked after", "children",
                  dated="as_at")
RATE = Finder("children_looked_after", "rate_per_10000",
              "Children looked after per 10,000 aged 0 to 17", "per 10,000", dated="as_at")
STARTED_AT_16 = Finder("started_by_age", "children",
                       "Young people who came into care in the year aged 16 and over",
                       "young people", (("age_group", "16_and_over"),), "year_ending")
AT_THE_EDGE = Finder("edge_of_care", "children", "At the edge of care: {at_the_edge}", "children",
                     dated="as_at", take=3)
CHANGE = Finder("placement_change_by_cohort", "change_pct",
                "Change in children looked after, over the years of the returns", "%",
                (("cohort", "total"),))
DISABLED = Finder("children_by_disability", "share_pct", "Children recorded as disabled", "%",
                  (("disability", "disabled"),), "as_at")
UNACCOMPANIED = Finder("children_by_uasc", "share_pct",
                       "Unaccompanied asylum-seeking children, of all", "%",
                       (("uasc", "uasc"),), "as_at")
ABUSE = Finder("children_by_need", "share_pct", "Children whose need is abuse or neglect", "%",
               (("category_of_need", "N1"),), "as_at")
SIBLINGS_TOGETHER = Finder("siblings", "with_all_pct",
                           "Brothers and sisters who live with all of theirs looked after", "%",
                           (("sibling_group_size", "all"),), "as_at")
SIBLINGS_APART = Finder("siblings", "with_none", "Brothers and sisters who live with none",
                        "children", (("sibling_group_size", "all"),), "as_at")


# Where they live
def _local(rule: str, measure: str, cohort: str = "all") -> Finder:
    return Finder("locality", "rate_pct", measure, "%", (("cohort", cohort),), rule=rule)


IN_AREA = _local("in_area", "Children placed inside the authority's area")
NEAR_HOME = _local("home_20_miles", "Children placed near home")
LOCAL_IN_HOUSE = _local(IN_FORCE, "Fostered children placed locally, in-house",
                        "fostering_in_house")
LOCAL_AGENCY = _local(IN_FORCE, "Fostered children placed locally, agency", "fostering_ifa")
HOMES_IN_AREA = _local("in_area", "Children in children's homes placed inside the area",
                       "childrens_home")
BORDER = _local("border_10_miles", "Children placed in the area or near its border")
NOT_KNOWN = Finder("locality", "not_known", "Children whose distance from home is not known",
                   "children", (("cohort", "all"),), rule="home_20_miles")
MEDIAN_MILES = Finder("distance_summary", "median_miles", "Median distance from home, in miles",
                      "miles", (("cohort", "all"),))
MOST_PLACED = Finder("placement_authorities", "share_pct",
                     "Children placed in {placement_authority}", "%", take=3)


def _compared(outcome: str, cohort: str, measure: str) -> Finder:
    return Finder("equity", "rate_of_known_pct", measure, "%",
                  (("outcome_compared", outcome), ("cohort", cohort)), "as_at")


FAR_DISABLED = _compared("far", "disabled",
                         "Disabled children who live more than 20 miles from home")
OUT_DISABLED = _compared("out_of_area", "disabled", "Disabled children who live outside the area")
MOVED_DISABLED = _compared("moved_often", "disabled",
                           "Disabled children with three or more placements in the year")
FAR_SIBLINGS = _compared("far", "siblings",
                         "Brothers and sisters who live more than 20 miles from home")
FAR_TEENAGERS = _compared("far", "aged_10_and_over",
                          "Children aged 10 and over who live more than 20 miles from home")
OUT_UASC = _compared("out_of_area", "uasc", "Unaccompanied children who live outside the area")

# Placements
KINSHIP = Finder("placements_by_group", "share_pct", "Children fostered by relatives or friends",
                 "%", (("cohort", "kinship"),), "as_at")
WITH_PARENTS = Finder("placements_by_group", "children", "Children placed with parents",
                      "children", (("cohort", "parents"),), "as_at")
IN_HOUSE = Finder("fostering_split", "in_house_pct",
                  "Fostering in-house, by bed nights, without kinship", "%",
                  (("basis", "bed_nights"),), "period")
SUPPORTED = Finder("sixteen_plus", "share_pct",
                   "Of those aged 16 and over, in supported accommodation", "%",
                   (("cohort", "supported_accommodation"),), "as_at")
OTHER_PLACEMENTS = Finder("unregistered_and_other", "children_in_year",
                          "Children in other placements in the year, unregistered ones included",
                          "children", (("arrangement", "other_placements"),), "year_ending")
NO_NUMBER = Finder("unregistered_and_other", "children_in_year",
                   "Children in the year in a children's home without an Ofsted number",
                   "children", (("arrangement", "home_without_urn"),), "year_ending")
TO_TURN_18 = Finder("forecast_cohorts", "p50",
                    "Young people who turn 18 in the year to {on}, forecast: middle",
                    "young people", (("turning_age", "18"),), "year_ending", NEXT)


# Stability and outcomes
def _outcome(measure: str, words: str) -> Finder:
    return Finder("five_outcomes", "rate_pct", words, "%", (("measure", measure),))


MOVED_OFTEN = _outcome("three_or_more_placements",
                       "Children with three or more placements in the year")
SAME_CARER = _outcome("same_carer_2_years",
                      "Children with the same carer for two years or more, of the long-term")
UNPLANNED = _outcome("unplanned_moves", "Moves that were not planned, of all moves")
MISSING = _outcome("missing", "Children who went missing in the year")
ASSESSED = _outcome("health_assessment", "Children with a health assessment in the year")
TEETH = _outcome("teeth_check", "Children whose teeth were checked in the year")
SDQ = _outcome("sdq_cause_for_concern",
               "Children scored whose emotional health is a cause for concern")
IN_EDUCATION = _outcome("in_education", "Care leavers aged 19 to 21 in education")
CONVICTED = _outcome("convicted", "Children aged 10 to 17 convicted or cautioned in the year")
EMPLOYED = _outcome("in_education_employment_or_training",
                    "Care leavers aged 19 to 21 in education, employment or training")
HOUSED = _outcome("suitable_accommodation",
                  "Care leavers aged 19 to 21 in suitable accommodation")
ADOPTED_IN_TIME = _outcome("adoption_within_12_months",
                           "Children placed within 12 months of the adoption decision")
CARE_PLAN_MOVES = Finder("moves_by_reason", "share_pct",
                         "Moves for a change to, or carrying out of, the care plan", "%",
                         (("move_reason", "CARPL"),), "year_ending")
BEHAVIOUR_MOVES = Finder("moves_by_reason", "share_pct",
                         "Moves the carer asked for because of the child's behaviour", "%",
                         (("move_reason", "CREQB"),), "year_ending")

# Supply
_INSIDE = ("area", "inside")
OWNERS = Finder("number_and_range", "owners", "Organisations with provision inside the area",
                "organisations", (_INSIDE,))
PROVIDERS = Finder("number_and_range", "providers", "Registered providers inside the area",
                   "providers", (_INSIDE,))
KINDS = Finder("number_and_range", "kinds",
               "Kinds of accommodation inside the area, of the register's five", "kinds",
               (_INSIDE,))
LARGEST = Finder("provider_concentration", "largest_share_pct",
                 "The largest organisation's share of children's home places inside the area",
                 "%", (_INSIDE, ("provision_type", "childrens_home")))
HOME_PLACES = Finder("supply_by_area", "places", "Children's home places inside the area",
                     "places", (("provision_type", "childrens_home"), _INSIDE))
HOMES = Finder("supply_by_area", "providers", "Children's homes inside the area", "homes",
               (("provision_type", "childrens_home"), _INSIDE))
HOME_OCCUPANCY = Finder("supply_by_type", "occupancy_pct",
                        "Children's home places that are filled", "%",
                        (("provision_type", "childrens_home"),))
HOME_GRADES = Finder("supply_by_grade", "places", "Places in children's homes graded {grade}",
                     "places", (("provision_type", "childrens_home"),), take=3)
HOUSEHOLDS = Finder("fostering_households", "households",
                    "The council's mainstream fostering households", "households",
                    (("carer_group", "mainstream"),), "year_ending")
JOINED = Finder("fostering_households", "joined", "Fostering households that joined in the year",
                "households", (("carer_group", "mainstream"),), "year_ending")
LEFT = Finder("fostering_households", "left", "Fostering households that left in the year",
              "households", (("carer_group", "mainstream"),), "year_ending")
FOSTER_PLACES = Finder("fostering_capacity", "places",
                       "Places approved with the council's mainstream foster carers", "places",
                       (("carer_group", "mainstream"),))
BED_USE = Finder("fostering_bed_use", "use_pct",
                 "Nights used of the council's own fostering capacity", "%", (), "year_ending")
NONE_NEAR_HOME = Finder("providers_nearby", "none_near_pct",
                        "Children in children's homes with none within 20 miles of home", "%",
                        (("placement_group", "childrens_home"),))
NONE_NEAR_FOSTERING = Finder("providers_nearby", "none_near_pct",
                             "Fostered children with no household of the council's within 20 "
                             "miles of home", "%", (("placement_group", "fostering"),))
GAINED = Finder("gain_from_adding", "gained",
                "Children whom ten more children's home places could bring near home",
                "children", (("placement_group", "childrens_home"), ("places_added", "10")))
MATCHED_FOSTERING = Finder("waiting_and_vacancies", "could_be_matched",
                           "Children waiting for fostering whom a vacancy near home could take",
                           "children", (("placement_group_sought", "fostering"),))
SEARCH_DAYS = Finder("searches", "median_days", "Median days from referral to placement", "days",
                     (), "year_ending")
SEARCH_PLACED = Finder("searches", "placed_pct", "Searches that ended in a registered placement",
                       "%", (), "year_ending")
SEARCH_UNREGISTERED = Finder("searches", "placed_unregistered",
                             "Searches that ended in an unregistered setting", "searches", (),
                             "year_ending")
FOSTERING_AS_SOUGHT = Finder("sought_and_made", "as_sought_pct",
                             "Searches for fostering that ended in it, of those placed", "%",
                             (("placement_group_sought", "fostering"),), "year_ending")
HOME_AS_SOUGHT = Finder("sought_and_made", "as_sought_pct",
                        "Searches for a children's home that ended in one, of those placed", "%",
                        (("placement_group_sought", "childrens_home"),), "year_ending")

# Need to come
_NO_CHANGE = ("scenario", "no_change")


def _forecast(group: str, words: str, when: str = FURTHEST) -> Finder:
    return Finder("forecast_by_year", "p50", f"{words} on {{on}}, forecast of no change",
                  "children", (_NO_CHANGE, ("placement_group", group)), "date", when)


def _short(words: str, *where: tuple[str, str]) -> Finder:
    return Finder("sufficiency_gap", "gap_p50",
                  f"{words} on {{on}} (below 0: to spare)", "places",
                  (_NO_CHANGE, *where), "year_ending", NEXT)


FORECAST_NEXT = fan(_forecast("all", "Children looked after", NEXT))
FORECAST = fan(_forecast("all", "Children looked after"))
FORECAST_FOSTERING = fan(_forecast("fostering", "Children fostered"))
FORECAST_HOME = fan(_forecast("childrens_home", "Children in children's homes"))
FORECAST_ABUSE = Finder("forecast_needs", "p50",
                        "Children whose need is abuse or neglect on {on}, forecast: middle",
                        "children", (("need_family", "abuse_or_neglect"),), "date", FURTHEST)
GAP_FOSTERING = fan(_short("In-house fostering places short",
                           ("placement_group", "fostering_in_house")))
#: Every registered place inside the area, as if no other council used it: the least that is short.
GAP_HOME = fan(_short("Children's home places short, even if all in the area were the council's,",
                      ("placement_group", "childrens_home"),
                      ("supply_basis", "register_inside")))
FULLEST_MONTH = Finder("unexpected_demand", "largest_month_p90",
                       "Children in the fullest month in the year to {on}, not passed by nine "
                       "futures in ten", "children", (("placement_group", "all"),),
                       "year_ending", NEXT)
OVER_CAPACITY = Finder("unexpected_demand", "chance_over_capacity_pct",
                       "Chance that in-house fostering passes its places in the year to {on}",
                       "%", (("placement_group", "fostering_in_house"),), "year_ending", NEXT)
STANDBY_FOSTERING = Finder("standby_places", "standby_90",
                           "Fostering places to stand by in the year to {on}, for nine futures "
                           "in ten", "places", (("placement_group", "fostering"),),
                           "year_ending", NEXT)
STANDBY_HOME = Finder("standby_places", "standby_90",
                      "Children's home places to stand by in the year to {on}, for nine futures "
                      "in ten", "places", (("placement_group", "childrens_home"),),
                      "year_ending", NEXT)
TARGETS = Finder("target_progress", "progress_pct", "Progress from baseline to target: {label}",
                 "%", rule=OF_ROW, take=3)

# Cost
_ALL_COSTS = (("cohort", "total"), ("provider_side", "all"))
SPEND = Finder("spend_by_year", "spend_gbp_per_year", "Spend on placements in the year", "£",
               _ALL_COSTS, "year_ending")
WEEK = Finder("weekly_costs", "mean_gbp_per_week", "Mean cost of a placement a week", "£",
              _ALL_COSTS, "as_at")
DEAREST = Finder("dearest_placements", "dearest_share_pct",
                 "Share of cost that the dearest placements take", "%", (), "as_at")
OWN_FULL = Finder("full_unit_costs", "own_full_gbp_per_week",
                  "Fostering a week in full, the council's own", "£",
                  (("placement_group", "fostering"),))
BOUGHT_FULL = Finder("full_unit_costs", "independent_full_gbp_per_week",
                     "Fostering a week in full, bought", "£",
                     (("placement_group", "fostering"),))
SAVING = Finder("invest_to_save", "saving_gbp_per_year",
                "Saved in a year if agency fostering nights were in-house, {moved_pct}% of them",
                "£", (), "year_ending")
COUNCIL_UNIT = Finder("section_251", "council_gbp_per_week",
                      "Published spend a week on a looked-after child, this council", "£",
                      (("unit_cost", "all_placements"),), "financial_year")
ENGLAND_UNIT = Finder("section_251", "england_gbp_per_week",
                      "Published spend a week on a looked-after child, England", "£",
                      (("unit_cost", "all_placements"),), "financial_year")
