"""The workbook and the csv files: tidy, neutral, the same bytes every time."""

from __future__ import annotations

from datetime import date

import frames
import openpyxl
import pandas as pd
import publishing

from sufficiency_lib.publish.appendix import collect_tables
from sufficiency_lib.publish.tables import PublishedTable
from sufficiency_lib.publish.workbook import sheet_names, write_tables, write_workbook


def tables() -> list[PublishedTable]:
    page = publishing.page()
    made = publishing.notebook(
        "# Tables",
        lambda: (page.table("placement_mix", frames.placement_mix()),
                 page.table("headline", frames.headline())),
    )
    nasty = pd.DataFrame(
        {"name": ["=1+1", "@home", "-x", "http://a.b"], "places": [1.5, 2, "c", ""]}
    )
    return [*collect_tables([made]), PublishedTable("homes", "Homes", "", nasty)]


def test_csv_is_tidy_utf8_with_marks_and_plain_numbers(tmp_path):
    paths = write_tables(tables(), tmp_path)
    assert [path.name for path in paths] == ["placement_mix.csv", "headline.csv", "homes.csv"]
    lines = paths[0].read_bytes().decode("utf-8").split("\n")
    assert lines[0] == "as_at,placement_group,provider,children,share_pct"
    assert lines[1] == "2024-03-31,kinship_fostering,own,40,16.1"
    assert "2025-03-31,secure,other_la,c,c" in lines
    assert b"\r" not in paths[0].read_bytes() and b"nan" not in paths[1].read_bytes()
    assert paths[2].read_text().split("\n")[1:4] == ["'=1+1,1.5", "'@home,2", "'-x,c"]


def test_the_workbook_has_contents_numbers_notes_and_no_formula(tmp_path):
    path = write_workbook(tables(), tmp_path / "t.xlsx", title="Herefordshire", banners=["Made up"])
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Contents", "placement_mix", "headline", "homes"]
    contents = book["Contents"]
    assert [contents["A1"].value, contents["A2"].value] == ["Herefordshire", "Made up"]
    assert contents["A5"].hyperlink.location == "'placement_mix'!A1"
    sheet = book["placement_mix"]
    assert sheet["A1"].value == "Children looked after by placement and provider"
    assert "c = suppressed" in sheet["A3"].value
    assert [cell.value for cell in sheet[5]][:3] == ["As at", "Placement", "Provider"]
    assert sheet["D6"].value == 40 and sheet["D6"].data_type == "n"
    assert not sheet.merged_cells.ranges
    kinds = {cell.data_type for page in book for row in page.iter_rows() for cell in row}
    assert "f" not in kinds
    assert book["homes"]["A6"].value == "=1+1" and book["homes"]["A6"].data_type == "s"


def test_the_same_tables_give_the_same_bytes(tmp_path):
    one, two = (
        write_workbook(tables(), tmp_path / name, as_at=date(2025, 3, 31)).read_bytes()
        for name in ("one.xlsx", "two.xlsx")
    )
    assert one == two
    assert b"2026" not in one


def test_sheet_names_are_short_plain_and_unique():
    empty = pd.DataFrame()
    names = sheet_names(
        [PublishedTable(name, "", "", empty) for name in ("a" * 40, "a" * 40, "x/y", "contents")]
    )
    assert len(set(names)) == 4 and all(len(name) <= 31 for name in names)
    assert names[2:] == ["x_y", "contents_2"]
