"""The `check` command's words: what was read, and what would stop or bend a result."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from sufficiency_lib.intake.findings import SEVERITIES, sentence

if TYPE_CHECKING:
    from sufficiency_lib.dataset import Dataset

_HEADINGS = {
    "fatal": "Stops the run",
    "bending": "Moves a figure",
    "cosmetic": "Read as meant, moves no figure",
}


def findings_in_words(data_set: Dataset) -> Iterator[str]:
    """Lines for a terminal: the files read, then each kind of finding with its first place.

    Names files, lines and columns; a value that could point to a child is not repeated.
    """
    yield f"{data_set.profile.name} at {data_set.as_at:%d/%m/%Y}"
    yield ""
    yield "Read:"
    for source in data_set.sources.to_dict("records"):
        rows = "1 row" if source["rows"] == 1 else f"{source['rows']:,} rows"
        yield f"  {source['source_file']}: {source['table']}, {rows}"
    for name, count in local_rows(data_set):
        yield f"  {name}, {count:,} rows"
    yield from severities_in_words(data_set.findings)


def local_rows(data_set: Dataset) -> Iterator[tuple[str, int]]:
    """Each local input's file and what it is, and how many of its rows are used."""
    for kind in ("provision", "carers", "ledger", "referrals"):
        for file, rows in getattr(data_set, kind).groupby("source_file"):
            yield f"{file}: {kind}", len(rows)


def severities_in_words(findings: pd.DataFrame) -> Iterator[str]:
    """Findings by how grave they are, a line a rule; what is worst comes first."""
    if findings.empty:
        yield ""
        yield "Nothing was found that would stop or bend a result."
    for severity in SEVERITIES:
        of_kind = findings[findings["severity"] == severity]
        if not of_kind.empty:
            yield ""
            yield f"{_HEADINGS[severity]}:"
            yield from (f"  {line}" for line in rule_lines(of_kind))


def rule_lines(findings: pd.DataFrame) -> Iterator[str]:
    """One line a rule: how many findings, and the first of them as a sentence."""
    for _, of_rule in findings.groupby("rule", sort=True):
        first = sentence(of_rule.iloc[0])
        yield first if len(of_rule) == 1 else f"{len(of_rule):,} rows, the first: {first}"
