"""The sums among placements that the tables of several rooms have."""

from __future__ import annotations

from collections.abc import Sequence

from sufficiency_lib.codes import PLACEMENT_GROUPS
from sufficiency_lib.publish.relations import ColumnSum, Relation

#: The two parts of fostering that have rows of their own.
FOSTERING_PARTS = ("fostering_in_house", "fostering_ifa")


def placement_sums(
    columns: Sequence[str], by: tuple[str, ...], key: str = "placement_group", total: str = "all"
) -> tuple[Relation, ...]:
    """Placement groups add up to all of them, and fostering is mostly its two parts.

    Where another authority fosters a few of the children, it is the row of fostering that is
    hidden: the two parts say what it would, and councils are judged on them.

    columns  the counts; by: what the rows of one sum share
    key      the column that names the placement; total: its value on the row of all

    >>> [sum_.total for sum_ in placement_sums(["children"], ("rule",), "cohort")]
    ['all', 'fostering']
    """
    return (
        *(ColumnSum(column, by, key, total, PLACEMENT_GROUPS) for column in columns),
        *(
            ColumnSum(column, by, key, "fostering", FOSTERING_PARTS, keep=FOSTERING_PARTS,
                      total_first=True)
            for column in columns
        ),
    )
