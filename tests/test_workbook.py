"""The workbook and the csv files: tidy, neutral, the same bytes every time."""

from __future__ import annotations

import zipfile
from datetime import date, datetime

import frames
import openpyxl
import pandas as pd
import publishing
from histories import quickly
from hypothesis import given
from hypothesis import strategies as st

from sufficiency_lib.publish.sections import collect_tables
from sufficiency_lib.publish.tables import PublishedTable
from sufficiency_lib.publish.workbook import neutral, sheet_names, write_tables, write_workbook


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
    note = "A long note, in words. " * 20
    return [*collect_tables([made]), PublishedTable("homes", "=Homes()", note, nasty)]


def table_of(sheet) -> list[list[object]]:
    """The cells of a sheet's one table, its headings first."""
    (table,) = sheet.tables.values()
    return [[cell.value for cell in row] for row in sheet[table.ref]]


def test_csv_is_tidy_utf8_with_marks_and_plain_numbers(tmp_path):
    paths = write_tables(tables(), tmp_path)
    assert [path.name for path in paths] == ["placement_mix.csv", "headline.csv", "homes.csv"]
    lines = paths[0].read_bytes().decode("utf-8").split("\n")
    assert lines[0] == "as_at,placement_group,provider,children,share_pct"
    assert lines[1] == "2024-03-31,kinship_fostering,own,40,16.1"
    assert "2025-03-31,secure,other_la,c,c" in lines
    assert b"\r" not in paths[0].read_bytes() and b"nan" not in paths[1].read_bytes()
    assert paths[2].read_text().split("\n")[1:4] == ["'=1+1,1.5", "'@home,2", "'-x,c"]


def book_of(tmp_path, **about):
    path = write_workbook(tables(), tmp_path / "t.xlsx", title="Herefordshire", **about)
    return openpyxl.load_workbook(path)


def test_the_contents_lead_to_every_sheet_and_say_where_its_headings_are(tmp_path):
    book = book_of(tmp_path, banners=["Made up"])
    assert book.sheetnames == ["Contents", "Notes", "placement_mix", "headline", "homes"]
    contents = book["Contents"]
    assert [contents["A1"].value, contents["A2"].value] == ["Herefordshire", "Made up"]
    rows = [[cell.value for cell in row] for row in contents.iter_rows(min_row=4)]
    assert rows[0] == ["Sheet", "Table", "Headings in row", "Rows"]
    assert [row[0] for row in rows[1:]] == book.sheetnames[1:]
    for at, (name, _, head, length) in enumerate(rows[1:], start=5):
        assert contents[f"A{at}"].hyperlink.location == f"'{name}'!A1"
        if length is not None:
            (table,) = book[name].tables.values()
            assert table.name == f"table_{name}"
            first, last = table.ref.split(":")
            assert first == f"A{head}" and last.endswith(str(head + length))
        assert book[name].freeze_panes == f"A{head + 1}"
        assert book[name].print_title_rows == f"${head}:${head}"


def test_a_sheet_has_title_note_marks_and_the_way_back_above_its_table(tmp_path):
    sheet = book_of(tmp_path)["placement_mix"]
    (table,) = sheet.tables.values()
    above = [sheet.cell(row, 1).value for row in range(1, int(table.ref[1]))]
    assert above[0] == "Children looked after by placement and provider"
    assert any("c = suppressed" in line for line in above)
    assert above[-1] == "Back to the contents"
    assert sheet.cell(len(above), 1).hyperlink.location == "'Contents'!A1"
    long = book_of(tmp_path)["homes"]
    lines = [long.cell(row, 1).value for row in range(2, 7)]
    assert " ".join(lines) == ("A long note, in words. " * 20).strip()
    assert max(map(len, lines)) <= 110


def test_cells_are_numbers_dates_and_plain_words(tmp_path):
    book = book_of(tmp_path)
    cells = table_of(book["placement_mix"])
    assert cells[0][:3] == ["As at", "Placement", "Provider"]
    assert cells[1][:4] == [datetime(2024, 3, 31), "Fostering with relatives or friends",
                            "Own provision", 40]  # fmt: skip
    head = int(next(iter(book["placement_mix"].tables.values())).ref[1])
    row = book["placement_mix"][head + 1]
    assert [cell.number_format for cell in row] == [
        "d mmmm yyyy", "General", "General", "#,##0", '#,##0.0"%"']
    assert all(cell.data_type in "nds" for line in book["headline"].iter_rows() for cell in line)
    assert all(width.width >= 12 for width in book["headline"].column_dimensions.values())


def test_no_cell_is_merged_no_heading_repeats_and_no_formula_can_run(tmp_path):
    book = book_of(tmp_path, banners=["=1+1 & <b>"])
    for sheet in book:
        assert not sheet.merged_cells.ranges
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"n", "s", "d"}
        if sheet.tables:
            heads = table_of(sheet)[0]
            assert len({head.casefold() for head in heads}) == len(heads) and all(heads)
    homes = table_of(book["homes"])
    assert [row[0] for row in homes] == ["name", "=1+1", "@home", "-x", "http://a.b"]
    assert book["homes"]["A1"].value == "=Homes()" and not book.defined_names
    with zipfile.ZipFile(tmp_path / "t.xlsx") as inside:
        sheets = b"".join(inside.read(n) for n in inside.namelist() if "worksheets/sheet" in n)
    assert b"<f>" not in sheets and b"<f " not in sheets


@given(st.text(max_size=12))
@quickly
def test_text_that_begins_like_a_formula_is_held_in_csv(text):
    held = neutral(text)
    assert not held.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert held in (text, "'" + text)


def test_an_internal_workbook_says_so_on_every_sheet_and_every_sheet_of_paper(tmp_path):
    for sheet in book_of(tmp_path, banners=["INTERNAL – NOT FOR PUBLICATION"]):
        assert sheet["A2"].value == "INTERNAL – NOT FOR PUBLICATION"
        assert "INTERNAL" in sheet.oddHeader.center.text


def test_notes_explain_the_symbols_and_the_words(tmp_path):
    notes = {row[0]: row[1] for row in book_of(tmp_path)["Notes"].iter_rows(values_only=True)}
    assert notes["c"].startswith("suppressed") and "Bed night" in notes


def test_an_empty_table_and_headings_alike_do_no_harm(tmp_path):
    empty = PublishedTable("empty", "Empty", "", pd.DataFrame({"a": []}))
    alike = PublishedTable("alike", "Alike", "", pd.DataFrame([[1, 2, 3]], columns=["a", "b", "c"]),
                           {"a": "Measure", "b": "measure", "c": "Measure"})  # fmt: skip
    book = openpyxl.load_workbook(write_workbook([empty, alike], tmp_path / "t.xlsx"))
    assert not book["empty"].tables
    assert table_of(book["alike"]) == [["Measure", "measure (b)", "Measure (c)"], [1, 2, 3]]


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
