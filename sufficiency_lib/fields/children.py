"""The columns of the measures of who the children are."""

from sufficiency_lib.fields.field import Row

_METRIC = "measure"

# name | label | kind | unit | codes | description | source
ROWS: tuple[Row, ...] = ()
