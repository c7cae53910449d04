"""The columns of published figures set beside local ones."""

from sufficiency_lib.fields.field import Row

_METRIC = "measure"

# name | label | kind | unit | codes | description | source
ROWS: tuple[Row, ...] = ()
