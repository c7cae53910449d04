"""The one gate: what may be shown of a table of counts of children.

1. Primary: a count from 1 to the threshold becomes "c". So does a cell whose `base_`
   companion (the number of children behind it) is from 1 to the threshold.
2. Secondary: wherever a sum has exactly one hidden member, the smallest other one is hidden
   too, until no sum gives a cell away; and wherever the hidden members of a sum are so few
   and so small that they could be guessed, one more is hidden.
3. Derived: a rate, share or change is "c" when any count it rests on is "c".
4. Rounding, when the profile asks for it.

Zero is shown. Marks: c suppressed · z not applicable (nothing to divide by) · x not
available · k not zero, but rounds to zero.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

import pandas as pd

from sufficiency_lib.publish.relations import Member, Relation, find_relations

SUPPRESSED = "c"
NOT_APPLICABLE = "z"
NOT_AVAILABLE = "x"
ROUNDS_TO_ZERO = "k"
MARKS = (SUPPRESSED, NOT_APPLICABLE, NOT_AVAILABLE, ROUNDS_TO_ZERO)

BASE_PREFIX = "base_"

Cell = tuple[int, str]


class Settings(Protocol):
    """What the gate needs of a profile's disclosure settings."""

    threshold: int
    round_to: int


class Spec(Protocol):
    """What the gate needs to know of a table; `publish.specs.TableSpec` is one.

    counts       columns that count children (or nights, with a `base_` companion)
    derived      column → the counts it rests on
    counts_when  column → (unit column, units in which the column is itself a count)
    relations    the sums among the counts
    missing      column → its mark where it is blank, if not x
    """

    keys: Sequence[str]
    counts: Sequence[str]
    derived: Mapping[str, Sequence[str]]
    counts_when: Mapping[str, tuple[str, Sequence[str]]]
    relations: Sequence[Relation]
    missing: Mapping[str, str]


def disclose(
    frame: pd.DataFrame,
    spec: Spec,
    settings: Settings,
    *,
    more: Collection[Cell] = (),
    is_planned: bool = False,
) -> pd.DataFrame:
    """What may be published of `frame`: the same rows and columns, less the `base_` ones.

    more        cells to hide besides, as all tables together have them (see `publish.plan`)
    is_planned  whether those are all that the sums of this frame need: then rule 2 is done

    Counts and derived columns come back as objects: numbers, or one of MARKS. An undeclared
    numeric column is treated as a count, or as a rate on every count of its row when its
    name ends like one, so that a new column is never shown by oversight. A frame made from
    disclosed ones may hold marks already; they stay, and what rests on a "c" becomes one.

    >>> from types import SimpleNamespace as N
    >>> spec = N(keys=["place"], counts=["children"], derived={"share_pct": ["children"]},
    ...          counts_when={}, relations=[], missing={})
    >>> frame = pd.DataFrame({"place": ["a", "b"], "children": [3, 0], "share_pct": [100., 0.]})
    >>> disclose(frame, spec, N(threshold=5, round_to=1)).to_dict("list")
    {'place': ['a', 'b'], 'children': ['c', 0], 'share_pct': ['c', 0.0]}
    """
    frame = frame.reset_index(drop=True)
    counts, derived = classify(frame, spec)
    hidden = _primary(frame, counts, spec, settings.threshold) | set(more)
    if not is_planned:
        hidden = protect(hidden, find_relations(frame, spec.relations), settings.threshold)
    hidden |= _resting_on(frame, derived, hidden)
    return _marked(frame, spec, hidden, settings.round_to)


def undisclosed(frame: pd.DataFrame, spec: Spec) -> pd.DataFrame:
    """The frame with missing numbers marked and nothing hidden: for an internal audience."""
    return _marked(frame.reset_index(drop=True), spec, set(), 1)


RATE_ENDINGS = (
    "_pct", "_rate", "_per_10000", "_mean", "_median", "_average", "_gbp", "_miles", "_points",
    "_ratio",
)


def classify(frame: pd.DataFrame, spec: Spec) -> tuple[list[str], dict[str, Sequence[str]]]:
    """The columns of `frame` that are counts, and those that rest on counts."""
    counts = [column for column in spec.counts if column in frame]
    derived = {c: rests for c, rests in spec.derived.items() if c in frame}
    known = {*spec.keys, *counts, *derived}
    for column in frame.columns:
        if column in known or column.startswith(BASE_PREFIX):
            continue
        if not pd.api.types.is_numeric_dtype(frame[column]):
            continue
        if column.endswith(RATE_ENDINGS):
            derived[column] = tuple(spec.counts)
        else:
            counts.append(column)
    return counts, derived


def _is_small(value: object, threshold: int) -> bool:
    if isinstance(value, str) or pd.isna(value):
        return False
    return 0 < float(value) <= threshold


def _primary(
    frame: pd.DataFrame, counts: Sequence[str], spec: Spec, threshold: int
) -> set[Cell]:
    hidden: set[Cell] = set()
    for column in counts:
        bases = frame.get(BASE_PREFIX + column, pd.Series(math.nan, index=frame.index))
        for row, (value, base) in enumerate(zip(frame[column], bases, strict=True)):
            small = _is_small(value, threshold) or _is_small(base, threshold)
            if small or (isinstance(value, str) and value == SUPPRESSED):
                hidden.add((row, column))
    for column, (unit_column, units) in spec.counts_when.items():
        for row in range(len(frame)):
            if str(frame[unit_column].iloc[row]) in units:
                if _is_small(frame[column].iloc[row], threshold):
                    hidden.add((row, column))
    return hidden


def protect(
    hidden: set[Cell], relations: Sequence[Sequence[Member]], threshold: int
) -> set[Cell]:
    """Hide more cells until no sum gives a hidden one away.

    Of the members that could be hidden the smallest part goes first; then a zero that is
    taken off where the hidden ones are added; then a part worth keeping; then the total; then
    any zero; and last what another table prints. A sum all of whose members are hidden is
    left as it is.
    """
    hidden = set(hidden)
    # The shortest sums leave least choice; what they hide often serves the longer ones.
    in_order = sorted(relations, key=len)
    changed = True
    while changed:
        changed = False
        for members in in_order:
            choice = _next_to_hide(members, hidden, threshold)
            if choice is not None:
                hidden.add(choice)
                changed = True
    return hidden


def is_hidden(member: Member, hidden: set[Cell], threshold: int) -> bool:
    """Whether a member is not to be known; an unprinted one counts when it is small."""
    if member.cell is None:
        return _is_small(member.value, threshold)
    return member.cell in hidden


def _next_to_hide(
    members: Sequence[Member], hidden: set[Cell], threshold: int
) -> Cell | None:
    if any(m.is_private and not is_hidden(m, hidden, threshold) for m in members):
        return None
    unseen = [m for m in members if is_hidden(m, hidden, threshold)]
    alone = len(unseen) == 1
    if not unseen or not (alone or _give_themselves_away(unseen, threshold)):
        return None
    signs = {m.sign for m in unseen}
    ranked = [
        (_rank(m, signs), m.value, m.cell)
        for m in members
        if m.cell is not None and m.cell not in hidden
    ]
    # A zero on the same side hides nothing, so it goes only where one cell is alone.
    useful = [choice for choice in ranked if alone or choice[0] != _ZERO_BESIDE]
    return min(useful)[2] if useful else None


_PART, _ZERO_ACROSS, _KEPT, _TOTAL, _ZERO_BESIDE, _KNOWN = range(6)


def _rank(member: Member, signs: set[int]) -> int:
    """How early a member is hidden for the sake of others, whose signs these are."""
    if member.is_known:
        return _KNOWN
    if member.value == 0:
        return _ZERO_BESIDE if member.sign in signs else _ZERO_ACROSS
    if member.is_total:
        return _TOTAL
    return _KEPT if member.is_kept else _PART


def _give_themselves_away(unseen: Sequence[Member], threshold: int) -> bool:
    """Whether hidden members of one known sum leave a reader less than "1 to threshold".

    With n members hidden, each at least 1, none can be more than their sum less (n - 1).
    """
    if len({m.sign for m in unseen}) > 1:
        return False
    return sum(m.value for m in unseen) < len(unseen) + threshold - 1


def _resting_on(
    frame: pd.DataFrame, derived: Mapping[str, Sequence[str]], hidden: set[Cell]
) -> set[Cell]:
    return {
        (row, column)
        for column, rests in derived.items()
        for row in range(len(frame))
        if any((row, count) in hidden for count in rests)
    }


def _marked(
    frame: pd.DataFrame,
    spec: Spec,
    hidden: set[Cell],
    round_to: int,
) -> pd.DataFrame:
    counts, derived = classify(frame, spec)
    shown = frame[[c for c in frame.columns if not c.startswith(BASE_PREFIX)]].copy()
    for column in counts:
        blank = spec.missing.get(column, NOT_AVAILABLE)
        cells = [
            SUPPRESSED if (row, column) in hidden else _count(value, round_to, blank)
            for row, value in enumerate(frame[column])
        ]
        shown[column] = pd.Series(cells, index=shown.index, dtype=object)
    for column, rests in derived.items():
        whole = _is_whole(frame, spec, column)
        bases = [frame[c].tolist() for c in rests if c in frame]
        cells = [
            SUPPRESSED
            if (row, column) in hidden
            else _derived(value, [base[row] for base in bases], round_to, whole=whole[row])
            for row, value in enumerate(frame[column])
        ]
        shown[column] = pd.Series(cells, index=shown.index, dtype=object)
    return shown


def _is_whole(frame: pd.DataFrame, spec: Spec, column: str) -> list[bool]:
    """Which cells of a derived column are whole numbers of something, and not rates."""
    unit, units = spec.counts_when.get(column, ("", ()))
    if unit in frame:
        return [str(value) in units for value in frame[unit]]
    return [not column.endswith(RATE_ENDINGS)] * len(frame)


def round_half_up(value: float, to: int = 1) -> int:
    """The nearest multiple of `to`, halves away from zero, as DfE rounds.

    >>> round_half_up(12.5), round_half_up(12.5, 5), round_half_up(-2.5)
    (13, 15, -3)
    """
    size = math.floor(abs(value) / to + 0.5) * to
    return size if value >= 0 else -size


def _count(value: object, round_to: int, blank: str) -> object:
    if isinstance(value, str):
        return value
    if pd.isna(value):
        return blank
    number = float(value)
    if round_to > 1:
        rounded = round_half_up(number, round_to)
        return ROUNDS_TO_ZERO if number and not rounded else rounded
    return int(number) if number.is_integer() else number


def _derived(
    value: object, rests: Sequence[object], round_to: int, *, whole: bool
) -> object:
    if isinstance(value, str):
        return value
    if pd.isna(value):
        # Nothing to divide by is not applicable; anything else missing is not available.
        nought = any(not isinstance(r, str) and not pd.isna(r) and r == 0 for r in rests)
        return NOT_APPLICABLE if nought else NOT_AVAILABLE
    number = float(value)
    if round_to > 1:
        # A rate to one decimal would give back the counts that were rounded.
        return round_half_up(number, round_to) if whole else float(round_half_up(number))
    return int(number) if whole and number.is_integer() else number
