"""The columns of the judgement: priorities."""

from sufficiency_lib.fields.field import Row

_JUDGED = "judgement"

# name | label | kind | unit | codes | description | source
ROWS: tuple[Row, ...] = (
    ("rank", "Rank", "integer", None, None,
     "By the children affected, of rows that count children on the date; equal counts share a "
     "rank. Blank: not ranked.", _JUDGED),
    ("priority", "Priority", "text", None, None, "A code that stays the same from page to page.",
     _JUDGED),
    ("what", "What", "text", None, None, "The gap, in words.", _JUDGED),
    ("children_affected", "Children", "number", "children", None,
     "In the gap. Where the basis is searches, searches; where it is a forecast, the middle "
     "future.", _JUDGED),
    ("of_children", "Of", "number", "children", None,
     "Whom the gap could touch, counted in the same way.", _JUDGED),
    ("suggests", "What follows for commissioning", "text", None, None, "", _JUDGED),
)
