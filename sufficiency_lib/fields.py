"""The registry of columns: each one once, with its label, unit, type, codes and source.

The registry feeds the labels of tables and charts, the workbook's notes and the data
dictionary, so that a column means the same wherever it is met.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Field:
    """One column.

    name         as it stands in a frame or a file
    label        in a table's heading
    kind         text, integer, number, date, code or yes_no
    unit         None where the column has none
    codes        the code set that it draws from (a name in `codes`), or None
    description  what it means, with what happens to unknowns
    source       where it comes from
    least, most  the bounds of a number that can be; None: none
    doubtful_above  above this a number can be, but is asked about
    private      its values could point to a child or a household: no message repeats them
    """

    name: str
    label: str
    kind: str
    unit: str | None
    codes: str | None
    description: str
    source: str
    least: float | None = None
    most: float | None = None
    doubtful_above: float | None = None
    private: bool = False


_RETURN = "SSDA903 return"
_REPAIR = "repaired history"
_DERIVED = "derived by the suite"
_METRIC = "measure"
_LOCAL = "local input"

# name | label | kind | unit | codes | description | source
_ROWS: tuple[tuple[str, str, str, str | None, str | None, str, str], ...] = (
    # the return, as DfE names its columns
    ("CHILD", "Child", "text", None, None, "Local identifier; never published.", _RETURN),
    ("DOB", "Date of birth", "date", None, None, "Never published.", _RETURN),
    ("SEX", "Sex", "code", None, "SEX", "1, 2 or, from 2023-24, M, F, U.", _RETURN),
    ("ETHNIC", "Ethnicity", "code", None, None, "DfE main and extended codes.", _RETURN),
    ("UPN", "Unique pupil number", "text", None, None, "Never published.", _RETURN),
    ("MOTHER", "Mother", "yes_no", None, None, "1 if the child is a mother.", _RETURN),
    ("MC_DOB", "Date of birth of own child", "date", None, None, "Never published.", _RETURN),
    ("DECOM", "Episode starts", "date", None, None, "First day of the episode.", _RETURN),
    ("DEC", "Episode ends", "date", None, None, "Blank while it is open.", _RETURN),
    ("RNE", "Reason for new episode", "code", None, "RNE", "", _RETURN),
    ("LS", "Legal status", "code", None, "LS", "", _RETURN),
    ("CIN", "Category of need", "code", None, "CIN", "", _RETURN),
    ("PLACE", "Placement type", "code", None, "PLACE", "", _RETURN),
    ("PLACE_PROVIDER", "Provider", "code", None, "PLACE_PROVIDER", "None for T and Z.", _RETURN),
    ("REC", "Reason episode ended", "code", None, "REC", "", _RETURN),
    ("REASON_PLACE_CHANGE", "Reason for move", "code", None, "REASON_PLACE_CHANGE", "", _RETURN),
    ("HOME_POST", "Home postcode", "text", None, None, "Never published.", _RETURN),
    ("PL_POST", "Placement postcode", "text", None, None, "Never published.", _RETURN),
    ("URN", "Ofsted URN", "text", None, None, "XXXXXXX where not registered.", _RETURN),
    ("DUC", "UASC until", "date", None, None, "Date the child ceased to be UASC.", _RETURN),
    ("REVIEW", "Review", "date", None, None, "Date of the review.", _RETURN),
    ("REVIEW_CODE", "Review code", "code", None, None, "How the child took part.", _RETURN),
    ("SDQ_SCORE", "SDQ score", "integer", None, None, "Strengths and difficulties, 0 to 40.",
     _RETURN),
    ("SDQ_REASON", "Reason for no SDQ score", "code", None, None, "", _RETURN),
    ("CONVICTED", "Convicted", "yes_no", None, None, "In the year.", _RETURN),
    ("HEALTH_CHECK", "Health check", "yes_no", None, None, "Up to date (under fives).", _RETURN),
    ("IMMUNISATIONS", "Immunisations", "yes_no", None, None, "Up to date.", _RETURN),
    ("TEETH_CHECK", "Teeth check", "yes_no", None, None, "In the year.", _RETURN),
    ("HEALTH_ASSESSMENT", "Health assessment", "yes_no", None, None, "In the year.", _RETURN),
    ("SUBSTANCE_MISUSE", "Substance misuse", "yes_no", None, None, "Identified.", _RETURN),
    ("INTERVENTION_RECEIVED", "Intervention received", "yes_no", None, None, "", _RETURN),
    ("INTERVENTION_OFFERED", "Intervention offered", "yes_no", None, None, "", _RETURN),
    ("IN_TOUCH", "In touch", "code", None, None, "Care leavers.", _RETURN),
    ("ACTIV", "Activity", "code", None, None, "Care leavers.", _RETURN),
    ("ACCOM", "Accommodation", "code", None, None, "Care leavers.", _RETURN),
    ("DATE_INT", "Should be placed for adoption", "date", None, None, "Date of the decision.",
     _RETURN),
    ("DATE_MATCH", "Matched", "date", None, None, "With adopters.", _RETURN),
    ("FOSTER_CARE", "Adopted by foster carer", "yes_no", None, None, "", _RETURN),
    ("NB_ADOPTR", "Adopters", "integer", None, None, "One or two.", _RETURN),
    ("SEX_ADOPTR", "Sex of adopters", "code", None, None, "", _RETURN),
    ("LS_ADOPTR", "Legal status of adopters", "code", None, None, "", _RETURN),
    ("DATE_PLACED", "Should be placed", "date", None, None, "Date of the decision.", _RETURN),
    ("DATE_PLACED_CEASED", "Should no longer be placed", "date", None, None, "", _RETURN),
    ("REASON_PLACED_CEASED", "Reason for that", "code", None, None, "", _RETURN),
    ("PREV_PERM", "Previous permanence", "code", None, None, "", _RETURN),
    ("LA_PERM", "Authority of previous permanence", "code", None, None, "", _RETURN),
    ("DATE_PERM", "Date of previous permanence", "date", None, None, "", _RETURN),
    ("MISSING", "Missing or away", "code", None, None, "Missing, or away without leave.",
     _RETURN),
    ("MIS_START", "Missing from", "date", None, None, "", _RETURN),
    ("MIS_END", "Missing until", "date", None, None, "Blank while missing.", _RETURN),
    ("SW_ID", "Social worker", "text", None, None, "Never published.", _RETURN),
    ("SW_DECOM", "Social worker from", "date", None, None, "", _RETURN),
    ("SW_DEC", "Social worker until", "date", None, None, "Blank while it goes on.", _RETURN),
    ("SW_REASON", "Reason for change", "code", None, None, "", _RETURN),
    ("DOLO_START", "Deprivation of liberty from", "date", None, None, "", _RETURN),
    ("DOLO_END", "Deprivation of liberty until", "date", None, None, "", _RETURN),
    # one history a child
    ("child_id", "Child", "text", None, None, "Never published.", _REPAIR),
    ("decom", "Episode starts", "date", None, None, "", _REPAIR),
    ("dec", "Episode ends", "date", None, None, "NaT while open; the night of it is not slept.",
     _REPAIR),
    ("rne", "Reason for new episode", "code", None, "RNE", "", _REPAIR),
    ("legal_status", "Legal status", "code", None, "LS", "", _REPAIR),
    ("need_code", "Category of need", "code", None, "CIN", "", _REPAIR),
    ("place_code", "Placement type", "code", None, "PLACE", "", _REPAIR),
    ("provider_code", "Provider code", "code", None, "PLACE_PROVIDER", "", _REPAIR),
    ("rec", "Reason episode ended", "code", None, "REC", "", _REPAIR),
    ("repairs", "Repairs", "text", None, None, "Rules that changed the row.", _REPAIR),
    ("is_short_break", "Short break", "yes_no", None, None, "Legal status V3 or V4.", _DERIVED),
    ("is_uasc", "UASC", "yes_no", None, None,
     "An unaccompanied asylum-seeking child on the day the episode starts, or in the two "
     "years before it.", _DERIVED),
    ("dob", "Date of birth", "date", None, None, "Never published.", _REPAIR),
    ("sex", "Sex", "text", None, None, "male, female or not_known.", _DERIVED),
    ("ethnicity_code", "Ethnicity", "code", None, None, "", _REPAIR),
    ("placement_id", "Placement", "integer", None, None,
     "Number of the stay with one carer within the authority; L, T and U go on with it.",
     _DERIVED),
    ("care_period_id", "Period of care", "integer", None, None,
     "Number of the unbroken time looked after within the authority.", _DERIVED),
    ("home_easting", "Home easting", "number", "metres", None, "Never published.", _DERIVED),
    ("home_northing", "Home northing", "number", "metres", None, "Never published.", _DERIVED),
    ("placement_easting", "Placement easting", "number", "metres", None, "Never published.",
     _DERIVED),
    ("placement_northing", "Placement northing", "number", "metres", None, "Never published.",
     _DERIVED),
    ("home_authority", "Authority of home", "code", None, None, "Upper tier, today's code.",
     _DERIVED),
    ("placement_authority", "Authority of placement", "code", None, None,
     "Upper tier, today's code; None when the postcode is not known.", _DERIVED),
    ("distance_miles", "Distance from home", "number", "miles", None,
     "Straight line, DfE's formula and rounding; NaN when either end is not known, for UASC "
     "and for short breaks.", _DERIVED),
    ("centre_miles", "Distance from the centre", "number", "miles", None,
     "Placement to the centre named in the profile.", _DERIVED),
    ("border_miles", "Distance from the border", "number", "miles", None,
     "Placement to the authority's area; 0 inside.", _DERIVED),
    ("home_postcode_status", "Home postcode is", "text", None, None,
     "found, blank, unknown, malformed, not_on_british_grid or outside_england; sector or "
     "outward where the profile asks for a fallback.", _DERIVED),
    ("home_postcode_terminated", "Home postcode ended", "yes_no", None, None,
     "No longer in use; not known where the directory does not say.", _DERIVED),
    ("placement_postcode_status", "Placement postcode is", "text", None, None,
     "found, blank, unknown, malformed, not_on_british_grid or outside_england; sector or "
     "outward where the profile asks for a fallback.", _DERIVED),
    ("placement_postcode_terminated", "Placement postcode ended", "yes_no", None, None,
     "No longer in use; not known where the directory does not say.", _DERIVED),
    ("reason_place_change", "Reason for move", "code", None, "REASON_PLACE_CHANGE", "", _REPAIR),
    ("home_postcode", "Home postcode", "text", None, None, "Never published.", _REPAIR),
    ("placement_postcode", "Placement postcode", "text", None, None, "Never published.", _REPAIR),
    ("ever_uasc", "Ever UASC", "yes_no", None, None, "In any UASC table.", _DERIVED),
    ("uasc_until", "UASC until", "date", None, None, "NaT while it lasts.", _DERIVED),
    # local inputs
    ("urn", "Ofsted URN", "text", None, None, "Blank where not registered.", _LOCAL),
    ("provider_name", "Provider", "text", None, None,
     "As registered; where Ofsted withholds it, the name of the owner.", _LOCAL),
    ("owner", "Owner", "text", None, None,
     "Organisation that owns the provider; blank: the provider stands for itself.", _LOCAL),
    ("provision_type", "Provision", "code", None, "PROVISION_TYPES", "", _LOCAL),
    ("sector", "Sector", "code", None, "SECTORS", "Blank: not known.", _LOCAL),
    ("ofsted_grade", "Ofsted grade", "code", None, "OFSTED_GRADES",
     "Of the latest full inspection; blank: not known.", _LOCAL),
    ("places", "Places", "integer", "places", None,
     "Registered; blank: not known. Ofsted registers none for fostering agencies.", _LOCAL),
    ("vacancies", "Vacancies", "integer", "places", None, "Of the places; blank: not known.",
     _LOCAL),
    ("postcode", "Postcode", "text", None, None,
     "Never published. Ofsted withholds those of children's homes.", _LOCAL),
    ("authority", "Authority", "text", None, None,
     "Where it is: upper tier, today's ONS code; a name is read too; blank: not known.", _LOCAL),
    ("short_breaks_only", "Short breaks only", "yes_no", None, None, "Blank: not known.", _LOCAL),
    ("household_id", "Household", "text", None, None, "Never published.", _LOCAL),
    ("carer_type", "Carers", "code", None, "CARER_TYPES", "Blank: not known.", _LOCAL),
    ("approved_date", "Approved", "date", None, None, "First day of the approval.", _LOCAL),
    ("left_date", "Left", "date", None, None, "Last day of it; blank while it goes on.", _LOCAL),
    ("places_approved", "Places approved", "integer", "places", None, "Blank: not known.", _LOCAL),
    ("children_placed", "Children placed", "integer", "children", None,
     "On the day of the extract; blank: not known.", _LOCAL),
    ("contract", "Contract", "code", None, "CONTRACTS", "Blank: not known.", _LOCAL),
    ("cost_gbp_per_week", "Weekly cost", "number", "£ per week", None,
     "What the authority pays for the placement, in pounds a week.", _LOCAL),
    ("referral_id", "Referral", "text", None, None, "Never published.", _LOCAL),
    ("referral_date", "Referred", "date", None, None, "The search begins.", _LOCAL),
    ("placement_group_sought", "Placement sought", "code", None, "PLACEMENT_GROUPS", "", _LOCAL),
    ("placement_group_made", "Placement made", "code", None, "PLACEMENT_GROUPS",
     "Blank where none was made.", _LOCAL),
    ("offers", "Offers", "integer", "offers", None, "Received; blank: not known.", _LOCAL),
    ("refusals", "Refusals", "integer", "refusals", None, "By providers; blank: not known.",
     _LOCAL),
    ("placed_date", "Placed", "date", None, None, "Blank where no placement was made.", _LOCAL),
    ("outcome", "Outcome", "code", None, "REFERRAL_OUTCOMES", "", _LOCAL),
    ("mid_year", "Mid-year", "integer", None, None, "Year of the estimate, at 30 June.", _LOCAL),
    # findings
    ("severity", "Severity", "text", None, None, "fatal, bending or cosmetic.", _DERIVED),
    ("rule_broken", "Finding", "text", None, None, "What was found.", _DERIVED),
    ("action", "What was done", "text", None, None, "", _DERIVED),
    ("rows", "Rows", "integer", "rows", None, "", _DERIVED),
    ("table", "Table", "text", None, None, "Of the return, in words.", _DERIVED),
    ("finding", "Finding", "text", None, None, "What was found, in words.", _DERIVED),
    ("findings", "Findings", "integer", "findings", None, "How often it was found.", _DERIVED),
    ("source_file", "File", "text", None, None, "Within the authority's folder.", _DERIVED),
    ("source_line", "Line", "integer", None, None, "The header is line 1.", _DERIVED),
    ("return_year", "Return year", "integer", None, None, "The year in which it ends.", _DERIVED),
    ("value", "Value", "number", None, None, "", _METRIC),
    # measures
    ("step", "Step", "text", None, None, "One step from files to children.", _METRIC),
    ("children", "Children", "integer", "children", None,
     "Distinct children; in population.csv the estimate of all in the area.", _METRIC),
    ("episodes", "Episodes", "integer", "episodes", None, "Rows of the history.", _METRIC),
    ("as_at", "As at", "date", None, None, "The day the stock is counted.", _METRIC),
    ("rate_per_10000", "Rate per 10,000 children aged 0 to 17", "number", "per 10,000", None,
     "Children looked after by the latest mid-year population before the date.", _METRIC),
    ("population_0_17", "Children aged 0 to 17", "integer", "children", None,
     "Mid-year estimate.", _METRIC),
    ("placement_group", "Placement", "code", None, "PLACEMENT_GROUPS", "", _DERIVED),
    ("provider", "Provider", "code", None, "PROVIDERS", "", _DERIVED),
    ("share_pct", "Share", "number", "%", None, "Of all children in the table's date.", _METRIC),
    ("start_date", "From", "date", None, None, "In the ledger, the first day paid for.", _METRIC),
    ("end_date", "To", "date", None, None,
     "In the ledger, the day the placement ended, whose night is not paid for; blank while it "
     "goes on.", _METRIC),
    ("start_children", "Children at the start", "integer", "children", None, "", _METRIC),
    ("end_children", "Children at the end", "integer", "children", None, "", _METRIC),
    ("change", "Change", "integer", "children", None, "End less start.", _METRIC),
    ("change_pct", "Change", "number", "%", None, "Of the start; z when the start is 0.", _METRIC),
    ("basis", "Basis", "text", None, None, "children, bed_nights or new_placements.", _METRIC),
    ("period", "Period", "text", None, None, "A date, or from/to.", _METRIC),
    ("kinship", "Kinship", "integer", None, None, "U1 to U3 by PR1.", _METRIC),
    ("in_house", "In-house", "integer", None, None, "U4 to U6 by PR1.", _METRIC),
    ("ifa", "Independent fostering agency", "integer", None, None, "U1 to U6 by PR4 or PR5.",
     _METRIC),
    ("other_public", "Other public", "integer", None, None, "U1 to U6 by PR2 or PR3.", _METRIC),
    ("in_house_pct", "In-house share", "number", "%", None, "in_house of in_house and ifa.",
     _METRIC),
    ("in_house_incl_kinship_pct", "In-house share with kinship", "number", "%", None,
     "in_house and kinship of in_house, kinship and ifa.", _METRIC),
    ("year_ending", "Year ending", "date", None, None, "31 March.", _METRIC),
    ("nights", "Bed nights", "integer", "nights", None,
     "Nights slept: day d counts when the episode starts on or before d and ends after it.",
     _METRIC),
    ("boundary", "Placed", "text", None, None,
     "inside when the placement's upper-tier authority is the responsible one, else outside.",
     _METRIC),
    ("distance_band", "Distance from home", "code", None, "DISTANCE_BANDS",
     "20 miles or less, more than 20 miles, not known.", _METRIC),
    ("rule", "Rule", "code", None, "LOCALITY_RULES", "What counts as local.", _METRIC),
    ("cohort", "Children", "text", None, None, "Who is counted.", _METRIC),
    ("within", "Within", "integer", "children", None, "", _METRIC),
    ("beyond", "Beyond", "integer", "children", None, "", _METRIC),
    ("not_known", "Not known", "integer", "children", None, "Stays in the base.", _METRIC),
    ("rate_pct", "Rate, of all", "number", "%", None, "Not known stays in the base.", _METRIC),
    ("rate_of_known_pct", "Rate, of known", "number", "%", None, "Not known left out.", _METRIC),
    ("measure", "Measure", "text", None, None, "", _METRIC),
    ("metric", "Measure", "text", None, None, "Its short name.", _METRIC),
    ("label", "Measure", "text", None, None, "Its name in words.", _METRIC),
    ("unit", "Unit", "text", None, None, "", _METRIC),
    ("numerator", "Numerator", "integer", None, None, "", _METRIC),
    ("denominator", "Denominator", "integer", None, None, "", _METRIC),
    ("target", "Target", "number", None, None, "From the profile.", _METRIC),
    ("comparator", "Comparator", "number", None, None, "A published figure.", _METRIC),
    ("comparator_release", "Comparator's release", "text", None, None, "", _METRIC),
    ("starts", "New placements", "integer", "placements", None,
     "Placements that began in the period.", _METRIC),
    ("age_group", "Age", "text", None, None,
     "Completed years on the date; 0-17 is all children.", _METRIC),
    ("female", "Female", "integer", "children", None, "", _METRIC),
    ("male", "Male", "integer", "children", None, "", _METRIC),
    ("started", "Started", "integer", "children", None, "To be looked after, in the year.",
     _METRIC),
    ("ceased", "Ceased", "integer", "children", None, "To be looked after, in the year.",
     _METRIC),
    ("end", "End", "text", None, None, "Home or placement.", _METRIC),
    ("found", "Found", "integer", "episodes", None, "Postcode in the directory.", _METRIC),
    ("blank", "Blank", "integer", "episodes", None, "No postcode.", _METRIC),
    ("other", "Other", "integer", "episodes", None, "Postcode that cannot be placed.", _METRIC),
    ("found_pct", "Found", "number", "%", None, "Of all episodes.", _METRIC),
    ("scenario", "Scenario", "text", None, None, "What is assumed.", _METRIC),
    ("date", "Date", "date", None, None, "", _METRIC),
    ("mean", "Mean", "number", "children", None, "Of the simulated futures.", _METRIC),
    ("p10", "P10", "number", "children", None, "One future in ten is lower.", _METRIC),
    ("p50", "P50", "number", "children", None, "The middle future.", _METRIC),
    ("p90", "P90", "number", "children", None, "One future in ten is higher.", _METRIC),
    ("origin", "Origin", "date", None, None, "What is known ends here.", _METRIC),
    ("horizon_months", "Horizon months", "integer", "months", None, "After the origin.", _METRIC),
    ("actual", "Actual", "integer", "children", None, "What came.", _METRIC),
    ("same_as_today", "Same as today", "integer", "children", None,
     "The forecast that nothing changes.", _METRIC),
)

#: Number → the least and the most that can be, and what is asked about above.
_BOUNDS: dict[str, tuple[float | None, float | None, float | None]] = {
    "places": (0, 5_000, None),
    "vacancies": (0, 5_000, None),
    "places_approved": (0, 30, None),
    "children_placed": (0, 30, None),
    "offers": (0, 10_000, None),
    "refusals": (0, 10_000, None),
    "cost_gbp_per_week": (0.01, 99_999.99, 20_000),
    "mid_year": (1981, 2100, None),
}

_PRIVATE = frozenset({"child_id", "household_id", "referral_id", "postcode"})

FIELDS: dict[str, Field] = {
    row[0]: Field(*row, *_BOUNDS.get(row[0], (None, None, None)), private=row[0] in _PRIVATE)
    for row in _ROWS
}


def label(name: str) -> str:
    """The heading for a column; a name the registry does not know is put in plain words.

    >>> label("rate_of_known_pct"), label("number_of_homes")
    ('Rate, of known', 'Number of homes')
    """
    if name in FIELDS:
        return FIELDS[name].label
    return name.replace("_", " ").capitalize()


def unit(name: str) -> str | None:
    """The unit of a column, or None.

    >>> unit("distance_miles"), unit("cohort")
    ('miles', None)
    """
    return FIELDS[name].unit if name in FIELDS else None
