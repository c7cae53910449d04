"""The columns of the measures that compare groups of children."""

from sufficiency_lib.fields.field import Row

_METRIC = "measure"

# name | label | kind | unit | codes | description | source
ROWS: tuple[Row, ...] = ()
