"""The columns of the repaired history and of its findings."""

from sufficiency_lib.fields.field import Row

_REPAIR = "repaired history"
_DERIVED = "derived by the suite"
_METRIC = "measure"

# name | label | kind | unit | codes | description | source
ROWS: tuple[Row, ...] = (
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
     "An unaccompanied asylum-seeking child on the day the episode starts.", _DERIVED),
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
     "Straight line, DfE's formula and rounding; NaN when either end is not known and for "
     "short breaks. A measure leaves out that of a child who is UASC on the day of its "
     "table, or was in the two years before.", _DERIVED),
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
    ("member", "Member", "text", None, None,
     "Of a consortium: the authority that looks after the child; all: every member together.",
     _DERIVED),
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
)
