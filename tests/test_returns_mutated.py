"""No traceback, whatever was done to a return: it is read, or refused in a sentence."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Sequence
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_return import (
    EPISODE_COLUMNS,
    EPISODES,
    HEADER,
    HEADER_COLUMNS,
    UASC,
    UASC_COLUMNS,
    as_csv,
    write_return,
)

from sufficiency_lib.errors import InputError
from sufficiency_lib.intake.findings import FindingLog
from sufficiency_lib.intake.returns import read_returns

GARBAGE = (
    "", " ", "=1+1", "=cmd|'/c calc'!A0", "+SUM(A1)", "@x", "-", "NULL", "31/02/2024", "00/00/0000",
    "99/99/9999", "9" * 400, "1e308", "-5", "\x00", "\x1b[31m", "\u202e", "é", "\U0001f4a5", "a,b",
    '"', "'", "\n", "a\nb", "2024-13-45", "20240331", "45382", "soon", "U99", "V3", "nan", "inf",
    "1.0", "1.5E+11", "٣١/٠٣/٢٠٢٤", "31/03/24", "03/31/2024", "\ufeff", "\xa0", "2042-01-01",
    "A" * 150_000, "2099", "E06000019",
)
SPARE_COLUMNS = (*EPISODE_COLUMNS, "YEAR", "LA", "", "CHILDID", "CHILD_ID", "PL", "DUC", "UPN")


def _mutate(r: random.Random, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """A table with one to four things done to it, as bytes."""
    columns, rows = list(columns), [list(row) for row in rows]
    form = {"delimiter": ",", "end": "\n"}
    encoding = "utf-8"
    cut = flips = 0
    for _ in range(r.randint(1, 4)):
        what = r.randrange(11)
        place = r.randrange(len(columns))
        if what == 0 and len(columns) > 1:
            for cells in (columns, *rows):
                del cells[place]
        elif what == 1:
            order = r.sample(range(len(columns)), len(columns))
            columns, *rows = ([cells[at] for at in order] for cells in (columns, *rows))
        elif what == 2:
            form["delimiter"] = r.choice(",;\t|:")
        elif what == 3:
            form["end"] = r.choice(["\r\n", "\r", "\n\n"])
        elif what == 4:
            encoding = r.choice(["utf-8-sig", "utf-16", "utf-16-le", "cp1252", "utf-32"])
        elif what == 5:
            columns[place] = r.choice(SPARE_COLUMNS)
        elif what == 6:
            cell = r.choice(GARBAGE)
            columns.append(r.choice(SPARE_COLUMNS))
            for row in rows:
                row.append(cell)
        elif what == 7:
            rows = [list(row) for row in r.choices(rows, k=r.randint(0, 8))] if rows else rows
        elif what == 8:
            cut = r.randint(1, 300)
        elif what == 9:
            flips = r.randint(1, 8)
        elif rows:
            r.choice(rows)[place] = r.choice(GARBAGE)
    raw = bytearray(as_csv(columns, rows, **form).encode(encoding, "replace"))
    raw = raw[: max(0, len(raw) - cut)]
    for _ in range(flips if raw else 0):
        raw[r.randrange(len(raw))] = r.randrange(256)
    return bytes(raw)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32), st.sampled_from(["one.csv", "one.csv", "two.csv", "three.csv"]))
def test_a_return_is_read_or_refused_whatever_was_done_to_it(seed: int, name: str) -> None:
    tables = {"one.csv": (EPISODE_COLUMNS, EPISODES), "two.csv": (HEADER_COLUMNS, HEADER),
              "three.csv": (UASC_COLUMNS, UASC)}
    with tempfile.TemporaryDirectory() as made:
        folder = write_return(Path(made))
        (folder / name).write_bytes(_mutate(random.Random(seed), *tables[name]))
        try:
            returns = read_returns(folder, FindingLog())
        except InputError as refused:
            said = str(refused)
            assert not any(row[0] in said for row in HEADER if len(row[0]) > 2)
            assert not any(post in said for post in ("HR1 1A", "HR2 6A"))
            return
    episodes = returns.tables["episodes"]
    assert episodes["return_year"].notna().all()
    assert set(returns.sources["table"]) >= {"episodes"}
