"""The log of what was found wrong in the inputs, and what was done about it.

A finding is fatal (nothing believable can be made), bending (a figure moves because of it)
or cosmetic (read as meant; no figure moves). Findings are for the council's own eyes: the
public sees counts of them by rule.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

import pandas as pd

from sufficiency_lib.errors import InputError, describe_place

SEVERITIES: tuple[str, ...] = ("fatal", "bending", "cosmetic")

COLUMNS: tuple[str, ...] = (
    "severity",
    "rule",
    "source_file",
    "source_line",
    "column",
    "value",
    "expected",
    "action",
)

#: Columns whose values could point to a child: a message says the place, not the value.
PRIVATE_COLUMNS = frozenset({"CHILD", "DOB", "UPN", "MC_DOB", "HOME_POST", "PL_POST"})

#: Where columns have slipped, an identifier or a postcode may stand in any of them.
_MAY_NAME_A_CHILD = re.compile(
    r"\d{5}|\b[a-z]{1,2}\d[a-z\d]?\s*\d[a-z]{2}\b", re.IGNORECASE
)


class FatalFindings(InputError):
    """Something was found with which nothing believable can be made.

    findings  everything found until then: `FindingLog.frame`
    """

    def __init__(self, findings: pd.DataFrame) -> None:
        fatal = findings[findings["severity"] == "fatal"]
        super().__init__(sentence(fatal.iloc[0], more=len(fatal) - 1))
        self.findings = findings

    def __reduce__(self) -> tuple:
        """Errors are sent between processes, and made again from what they were made with."""
        return FatalFindings, (self.findings,)


@dataclass
class FindingLog:
    """Collects findings while one authority's inputs are read.

    >>> log = FindingLog()
    >>> log.add("cosmetic", "padded_code", file="a.csv", line=3, column="RNE", value=" s ",
    ...         expected="a code", action="read as S")
    >>> log.frame().loc[0, "rule"]
    'padded_code'
    """

    _parts: list[pd.DataFrame | tuple] = field(default_factory=list)

    def add(
        self,
        severity: str,
        rule: str,
        *,
        file: str,
        line: int | None = None,
        column: str = "",
        value: str = "",
        expected: str = "",
        action: str = "",
    ) -> None:
        """Add one finding."""
        self._parts.append((severity, rule, file, line, column, value, expected, action))

    def add_rows(
        self,
        severity: str,
        rule: str,
        rows: pd.DataFrame,
        *,
        column: str = "",
        values: pd.Series | Sequence[str] | str = "",
        expected: str = "",
        action: str = "",
    ) -> None:
        """Add a finding for every row of a frame that has source_file and source_line."""
        if rows.empty:
            return
        self._parts.append(
            pd.DataFrame(
                {
                    "severity": severity,
                    "rule": rule,
                    "source_file": rows["source_file"].to_numpy(),
                    "source_line": rows["source_line"].to_numpy(),
                    "column": column,
                    "value": values.to_numpy() if isinstance(values, pd.Series) else values,
                    "expected": expected,
                    "action": action,
                },
                columns=list(COLUMNS),
            )
        )

    def extend(self, other: FindingLog) -> None:
        """Take over the findings of another log."""
        self._parts.extend(other._parts)

    def frame(self) -> pd.DataFrame:
        """All findings: one row each, in the order found, with COLUMNS."""
        if not self._parts:
            return pd.DataFrame({name: pd.Series(dtype=object) for name in COLUMNS})
        frames: list[pd.DataFrame] = []
        for single, same in groupby(self._parts, key=lambda part: isinstance(part, tuple)):
            parts = list(same)
            frames += [pd.DataFrame(parts, columns=list(COLUMNS))] if single else parts
        together = pd.concat(frames, ignore_index=True)
        together["source_line"] = together["source_line"].astype("Int64")
        together["value"] = together["value"].fillna("").astype(str)
        return together

    def raise_if_fatal(self) -> None:
        """Stop with a FatalFindings that says the first fatal finding, and how many more."""
        found = self.frame()
        if (found["severity"] == "fatal").any():
            raise FatalFindings(found)


def sentence(finding: pd.Series, more: int = 0) -> str:
    """One finding as a sentence an analyst can act on; a private value is not repeated.

    >>> sentence(pd.Series({"rule": "not_a_date", "source_file": "2024/episodes.csv",
    ...     "source_line": 7, "column": "DECOM", "value": "soon",
    ...     "expected": "a date as dd/mm/yyyy", "action": "correct it and run again"}))
    "2024/episodes.csv, line 7, column DECOM: found 'soon', expected a date as dd/mm/yyyy; \
correct it and run again."
    """
    line = finding["source_line"]
    where = describe_place(
        finding["source_file"],
        None if pd.isna(line) else int(line),
        finding["column"] or None,
    )
    shown = finding["value"] and not is_private(finding["column"], str(finding["value"]))
    found = f"found '{shorten(finding['value'])}', " if shown else ""
    said = f"{where}: {found}expected {finding['expected']}; {finding['action']}."
    if more:
        said += f" There {'is' if more == 1 else 'are'} {more:,} more such finding"
        said += "." if more == 1 else "s."
    return said


def is_private(column: str, value: str) -> bool:
    """Whether a value could point to a child: by its column, or by what it looks like.

    >>> is_private("DOB", "soon"), is_private("DEC", "398768"), is_private("DEC", "31/02/2024")
    (True, True, False)
    """
    if column in PRIVATE_COLUMNS or _MAY_NAME_A_CHILD.search(value):
        return True
    # The columns of a return are in capitals; a word with a digit in it may be an identifier.
    return column.isupper() and re.fullmatch(r"\w*\d\w*", value.strip()) is not None


def printable(text: str) -> str:
    """Text that does nothing to a screen and can be written to any file.

    >>> printable("a\\x1b[31m\\udcff.csv")
    'a�[31m�.csv'
    """
    return "".join(char if char.isprintable() else "�" for char in text)


def shorten(value: object, longest: int = 40) -> str:
    """A value for a message: one line, printable, never a screenful.

    >>> shorten("a" * 60)
    'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…'
    """
    text = printable(str(value))
    return text if len(text) <= longest else text[: longest - 1] + "…"
