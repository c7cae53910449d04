"""The columns of the measures of where and with whom children live."""

from sufficiency_lib.fields.field import Row

_METRIC = "measure"

# name | label | kind | unit | codes | description | source
ROWS: tuple[Row, ...] = (
    ("dfe_placement_group", "Placement (DfE)", "text", None, None,
     "DfE's own groups of placements, in its words; beside published figures only.", _METRIC),
    ("own_provision", "Own", "integer", None, None, "PR1: the authority itself.", _METRIC),
    ("public_provision", "Other public", "integer", None, None,
     "PR2 or PR3: another authority or public body.", _METRIC),
    ("independent_provision", "Private or voluntary", "integer", None, None, "PR4 or PR5.",
     _METRIC),
    ("no_provider", "Parents, or none recorded", "integer", None, None,
     "PR0, or no provider recorded, as for temporary and other placements.", _METRIC),
    ("month", "Month", "text", None, None, "Calendar month, YYYY-MM.", _METRIC),
    ("average_children", "Children on an average night", "number", "children", None,
     "Nights divided by the days they were slept in.", _METRIC),
    ("arrangement", "Arrangement", "text", None, None,
     "Where no registered provider answers for the child: other_placements, "
     "under_16_supported, home_without_urn or supported_without_urn.", _METRIC),
    ("children_at_year_end", "On 31 March", "integer", "children", None,
     "Children on the last day of the year.", _METRIC),
    ("children_in_year", "In the year", "integer", "children", None,
     "Children who slept there a night or more in the year.", _METRIC),
)
