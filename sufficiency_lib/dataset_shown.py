"""How a dataset shows itself in a notebook: sources, dates, counts and findings.

Nothing of a child is here, and no count that the audience may not see: an executed notebook may
be published.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

import pandas as pd

#: Kinds of findings that are listed; the rest are counted.
MOST_KINDS = 12

#: The local inputs, by the name of their table (see `intake.local.LocalInputs`).
_LOCAL = ("population", "provision", "carers", "ledger", "referrals", "circumstances",
          "edge_of_care")

#: What each kind of finding does to a figure (see `intake.findings`).
_KINDS = {"fatal": "Stops a run", "bending": "Moves a figure", "cosmetic": "Read as meant"}

#: Tables of the return that go by their letters.
_LETTERS = ("uasc", "oc2", "oc3", "ad1")

#: Twice the class, as a notebook's own style of tables is else the stronger.
_OWN = ".sufficiency-dataset.sufficiency-dataset"
_STYLE = f"""<style>
{_OWN} table {{ border-collapse: collapse; border: 0; margin: .75em 0; font-size: .95em; }}
{_OWN} caption {{ caption-side: top; text-align: left; font-weight: 700; color: inherit; }}
{_OWN} tbody tr {{ background: none; }}
{_OWN} :is(th, td) {{ text-align: left; vertical-align: top; padding: .25em 1.25em .25em 0;
  border: 0; border-bottom: 1px solid rgba(128, 128, 128, .4); max-width: 34em; }}
{_OWN} tbody th {{ font-weight: 400; }}
{_OWN} .n {{ text-align: right; white-space: nowrap; }}
</style>"""


def as_html(study: Any) -> str:
    """A dataset as two small tables under a heading: what was read, and what was found.

    study    a `dataset.Dataset`
    returns  HTML. Counts of findings and rows from 1 to the threshold of the profile read
             "fewer than 6" unless the audience is internal. Findings by what was expected, never
             by what stood there
    """
    parts = [
        _STYLE,
        f"<p><strong>{escape(study.profile.name)}</strong>: {escape(_dates(study))}</p>",
        _table("What was read", ("Table", "Years", "Files", "Rows"), read(study), numbers=(3,)),
    ]
    found = findings(study)
    if found:
        heads = ("What it does", "Column", "Expected", "Times")
        parts.append(_table("What was found in it", heads, found, numbers=(3,)))
    else:
        parts.append("<p>Nothing was found that would stop or bend a result.</p>")
    return f'<div class="sufficiency-dataset">{"".join(parts)}</div>'


def read(study: Any) -> list[tuple[str, str, str, str]]:
    """Each table that was read: its name, its years, its files and its rows, in words.

    study  a `dataset.Dataset`: sources (source_file, table, return_year, rows) and the local
           inputs, whose rows name their source_file
    """
    rows = []
    for name, part in study.sources.groupby("table", sort=False):
        years = sorted({int(year) for year in part["return_year"]})
        count = _count(int(part["rows"].sum()), study)
        rows.append((_words(name), _span(years), _files(part["source_file"]), count))
    for name in _LOCAL:
        frame = getattr(study, name)
        if frame is not None and len(frame):
            files = _files(frame["source_file"]) if "source_file" in frame else ""
            years = _span(sorted(set(frame["mid_year"]))) if "mid_year" in frame else ""
            rows.append((_words(name), years, files, _count(len(frame), study)))
    return rows


def findings(study: Any) -> list[tuple[str, str, str, str]]:
    """What was found: what it does, its column, what was expected, how often; gravest first.

    study  a `dataset.Dataset`: findings (see `intake.findings`)
    """
    keys = ["severity", "column", "expected"]
    times = study.findings.groupby(keys, dropna=False).size().reset_index(name="times")
    rank = times["severity"].map({kind: at for at, kind in enumerate(_KINDS)})
    times = times.assign(rank=rank).sort_values(["rank", "times", "expected"],
                                                ascending=[True, False, True])
    rows = [
        (_KINDS[one["severity"]], str(one["column"]), str(one["expected"]),
         _count(int(one["times"]), study))
        for one in times.head(MOST_KINDS).to_dict("records")
    ]
    more = len(times) - len(rows)
    return [*rows, ("", "", f"and {more} more of other kinds", "")] if more > 0 else rows


def _dates(study: Any) -> str:
    years = study.return_years
    made_up = " Synthetic data: no child here is real." if study.profile.synthetic else ""
    own = f" {len(study.members)} members." if getattr(study, "members", ()) else ""
    return (
        f"returns to 31 March {_span(years)}, as at {study.as_at.day} {study.as_at:%B %Y}; "
        f"{len(study.episodes):,} episodes after repair.{own}{made_up}"
    )


def _count(count: int, study: Any) -> str:
    fewest = study.fewest_shown
    return f"fewer than {fewest}" if 0 < count < fewest else f"{count:,}"


def _span(years: Sequence[int]) -> str:
    """Years as a span, or one by one where some between are missing.

    >>> _span([2021, 2022, 2023]), _span([2021, 2023]), _span([2024])
    ('2021–2023', '2021, 2023', '2024')
    """
    if len(years) > 1 and list(years) == list(range(years[0], years[-1] + 1)):
        return f"{years[0]}–{years[-1]}"
    return ", ".join(map(str, years))


def _files(names: Iterable[object]) -> str:
    """The files by name, or the first and the last of many.

    >>> _files(["a.csv", "a.csv", "b.csv"]), _files(["a", "b", "c", "d"])
    ('a.csv, b.csv', 'a … d (4 files)')
    """
    found = sorted({str(name) for name in names if pd.notna(name)})
    if len(found) <= 2:
        return ", ".join(found)
    return f"{found[0]} … {found[-1]} ({len(found)} files)"


def _words(name: object) -> str:
    """A table's name in words.

    >>> _words("placed_for_adoption"), _words("oc2")
    ('Placed for adoption', 'OC2')
    """
    if name in _LETTERS:
        return str(name).upper()
    return str(name).replace("_", " ").capitalize()


def _table(
    title: str, heads: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: Sequence[int]
) -> str:
    mark = [' class="n"' if at in numbers else "" for at in range(len(heads))]
    head = "".join(f'<th scope="col"{mark[at]}>{escape(one)}</th>' for at, one in enumerate(heads))
    body = "".join(
        "<tr>" + f'<th scope="row">{escape(row[0])}</th>'
        + "".join(f"<td{mark[at]}>{escape(one)}</td>" for at, one in enumerate(row) if at)
        + "</tr>"
        for row in rows
    )
    return (f"<table><caption>{escape(title)}</caption><thead><tr>{head}</tr></thead>"
            f"<tbody>{body}</tbody></table>")
