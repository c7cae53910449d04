"""The columns of the judgement: duties."""

from sufficiency_lib.fields.field import Row

_JUDGED = "judgement"

# name | label | kind | unit | codes | description | source
ROWS: tuple[Row, ...] = (
    ("source", "Asked by", "code", None, None,
     "The Act, the guidance, its boxes or the Local Government Association's pack.", _JUDGED),
    ("clause", "Clause", "text", None, None, "As it is cited.", _JUDGED),
    ("asks", "What it asks", "text", None, None, "In plain words, not the clause's own.", _JUDGED),
    ("evidenced", "Evidenced", "code", None, None,
     "yes: the figures answer the clause. in_part: they answer some of it. no: none does.",
     _JUDGED),
    ("stands_in", "Table", "text", None, None, "The id of the table the figure is taken from.",
     _JUDGED),
    ("would_show", "What would show it", "text", None, None,
     "What is not evidenced, and which data would show it; in the first row of a clause.",
     _JUDGED),
    ("clauses", "Clauses", "integer", None, None, "Clauses, points or questions.", _JUDGED),
    ("answered", "Answered", "integer", None, None, "By figures, in whole.", _JUDGED),
    ("answered_in_part", "In part", "integer", None, None, "Figures answer some of it.", _JUDGED),
    ("not_evidenced", "Not evidenced", "integer", None, None, "No figure answers it.", _JUDGED),
)
