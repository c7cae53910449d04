"""The columns of the measures of how near to home children live."""

from sufficiency_lib.fields.field import Row

_METRIC = "measure"

# name | label | kind | unit | codes | description | source
ROWS: tuple[Row, ...] = (
    ("provider_group", "Provider", "text", None, None,
     "own_provision (PR1), public_provision (PR2, PR3), independent_provision (PR4, PR5) or "
     "no_provider (PR0 and not recorded).", _METRIC),
    ("location", "Location", "text", None, None,
     "Inside or outside the boundary, and 20 miles or less from home or more; not_known where "
     "the distance is, wherever the placement is.", _METRIC),
    ("placed_in", "Placed in", "text", None, None,
     "Of a consortium's child: own_area (the responsible member's), other_members_area, outside "
     "or not_known.", _METRIC),
    ("median_miles", "Median", "number", "miles", None,
     "Half of the children whose distance is known live nearer to home than this.", _METRIC),
    ("lower_quartile_miles", "Nearest quarter within", "number", "miles", None,
     "Not available where fewer than ten distances are known.", _METRIC),
    ("upper_quartile_miles", "Three quarters within", "number", "miles", None,
     "Not available where fewer than ten distances are known.", _METRIC),
    ("hexagon", "Hexagon", "text", None, None,
     "The grid reference of its middle, to a kilometre: never a place where a child lives.",
     _METRIC),
    ("hexagon_miles", "Width of a hexagon", "number", "miles", None,
     "From side to side.", _METRIC),
    ("homes_band", "Children by home", "text", None, None,
     "How many children come from homes in the hexagon, in bands.", _METRIC),
    ("placements_band", "Children by placement", "text", None, None,
     "How many children are placed in the hexagon, in bands.", _METRIC),
)
