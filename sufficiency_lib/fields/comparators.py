"""The columns of published figures set beside local ones."""

from sufficiency_lib.fields.field import Row

_METRIC = "measure"
_DFE = "DfE, Children looked after in England including adoptions"

# name | label | kind | unit | codes | description | source
ROWS: tuple[Row, ...] = (
    ("comparator_area", "Beside", "text", None, None,
     "england, region or neighbours (ten similar councils).", _METRIC),
    ("area_name", "Area", "text", None, None, "The area in words.", _METRIC),
    ("time_period", "Reporting year", "text", None, None,
     "The year whose 31 March closes it.", _DFE),
    ("geographic_level", "Level", "text", None, None,
     "national, regional or local_authority.", _DFE),
    ("region_name", "Region", "text", None, None, "", _DFE),
    ("symbol", "Symbol", "text", None, None, "Why a published cell has no number.", _DFE),
    ("areas_known", "Areas with a figure", "integer", None, None,
     "Of the areas a published figure stands for.", _METRIC),
    ("areas_asked", "Areas", "integer", None, None,
     "That a published figure stands for.", _METRIC),
    ("release_year", "Release of", "text", None, None,
     "The latest year in the published table.", _DFE),
    ("release", "Release", "text", None, None, "What a published figure is from.", _DFE),
    ("england", "England", "number", None, None, "The published figure.", _DFE),
    ("region", "Region", "number", None, None,
     "The published figure of the authority's region; London is Inner and Outer London.", _DFE),
    ("neighbours", "Similar councils", "number", None, None,
     "The median of the published figures of the statistical neighbours; a suppressed one is "
     "left out, and fewer than five make none.", _DFE),
    ("neighbours_known", "Similar councils with a figure", "integer", None, None,
     "How many the median is of.", _METRIC),
)
