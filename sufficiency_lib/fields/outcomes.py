"""The columns of the measures of stability, health, leaving care and adoption."""

from sufficiency_lib.fields.field import Row

_METRIC = "measure"

# name | label | kind | unit | codes | description | source
ROWS: tuple[Row, ...] = ()
