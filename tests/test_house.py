"""The house rules, read off the source: which room may use which, and how thin a notebook is."""

from __future__ import annotations

import ast
import re
import subprocess
import zipfile
from io import BytesIO
from pathlib import Path

import nbformat
import openpyxl
import pandas as pd
import pyarrow.parquet
import pytest

from sufficiency_lib.intake.csvfile import read_headers
from sufficiency_lib.intake.ssda903 import recognise, standard_names
from sufficiency_lib.intake.xmlfile import is_for_a_return

PROJECT = Path(__file__).resolve().parents[1]
LIBRARY = PROJECT / "sufficiency_lib"
MODULES = sorted(LIBRARY.rglob("*.py"))
NOTEBOOKS = sorted((PROJECT / "notebooks").glob("*.ipynb"))
REPORT = [path for path in NOTEBOOKS if not path.name.startswith("00_")]

#: Rooms from left to right; an import may stay in its room or point to the left.
ROOMS = (
    ("fields", "codes", "errors", "moving", "settings", "settings_forecast", "settings_costs"),
    ("intake",),
    ("sample",),
    ("cleaning",),
    ("store", "dataset_shown", "dataset_pooled", "dataset"),
    ("metrics",),
    ("forecast",),
    ("judgement",),
    ("publish",),
    ("documents",),
    ("explore",),
    ("runs",),
    ("cli",),
    ("__main__",),
)
PLACE = {room: number for number, rooms in enumerate(ROOMS) for room in rooms}

#: Rooms that nothing but these may use: what makes children up stays out of what counts them.
MAY_USE_SAMPLE = {"sample", "store", "runs", "cli"}

LONGEST_MODULE = 400
LONGEST_CELL = 5


def named(paths: list[Path]) -> list:
    return [pytest.param(path, id=path.relative_to(PROJECT).as_posix()) for path in paths]


# --- the library -----------------------------------------------------------------------------


def room_of(path: Path) -> str:
    inside = path.relative_to(LIBRARY).parts
    return inside[0].removesuffix(".py")


def rooms_used(path: Path) -> set[str]:
    """The rooms a module imports from, wherever in the module it does so."""
    used: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [name.name for name in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path.name} has a relative import; name the whole module"
            names = [f"{node.module}.{name.name}" for name in node.names]
        else:
            continue
        used |= {name.split(".")[1] for name in names if name.startswith("sufficiency_lib.")}
    return used & set(PLACE)


@pytest.mark.parametrize("path", named([p for p in MODULES if p != LIBRARY / "__init__.py"]))
def test_imports_run_one_way(path):
    own = room_of(path)
    assert own in PLACE, f"'{own}' is a new room: give it a place in ROOMS"
    for room in rooms_used(path):
        assert PLACE[room] <= PLACE[own], f"{own} may not use {room}, which stands to its right"
        assert room != "sample" or own in MAY_USE_SAMPLE, f"{own} may not use the sample"


@pytest.mark.parametrize("path", named(MODULES))
def test_a_module_past_400_lines_is_two_modules(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) < LONGEST_MODULE


@pytest.mark.parametrize("path", named(MODULES))
def test_no_clock_and_no_unseeded_randomness(path):
    """Time is the parameter `as_at`; chance has a seed."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        assert not re.search(r"\b(date|datetime|Timestamp)\.(today|now|utcnow)$", called), called
        assert called != "time.time", "time.monotonic measures; a date comes from as_at"
        if re.search(r"\brandom\.", called):
            allowed = r"\.(default_rng|Generator|PCG64|SeedSequence|Random)$"
            assert re.search(allowed, called), f"{called} draws from a state shared by all"
            assert node.args or node.keywords, f"{called} needs a seed"


# --- the notebooks ---------------------------------------------------------------------------


def test_the_suite_is_numbered_and_there():
    stems = [path.stem for path in NOTEBOOKS]
    wanted = {
        "00_explore", "01_data_quality", "02_children", "03_placements", "04_locality",
        "05_stability_outcomes", "06_market", "07_costs", "08_demand", "09_assessment",
    }
    assert wanted <= set(stems)
    assert all(re.fullmatch(r"\d\d_[a-z_]+", stem) for stem in stems)
    assert len({stem[:2] for stem in stems}) == len(stems)


def read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


def tagged(notebook: nbformat.NotebookNode, tag: str) -> list[nbformat.NotebookNode]:
    return [cell for cell in notebook.cells if tag in cell.metadata.get("tags", ())]


@pytest.mark.parametrize("path", named(NOTEBOOKS))
def test_a_notebook_is_committed_clean(path):
    notebook = read(path)
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "python3"
    assert [cell["id"] for cell in notebook.cells] == list(
        dict.fromkeys(cell["id"] for cell in notebook.cells)
    )
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs == [] and cell.execution_count is None


@pytest.mark.parametrize("path", named(REPORT))
def test_a_notebook_has_the_one_parameters_cell_and_one_setup_cell(path):
    notebook, first = read(path), read(REPORT[0])
    (parameters,) = tagged(notebook, "parameters")
    assert parameters.source == tagged(first, "parameters")[0].source
    assert len(tagged(notebook, "setup")) == 1
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert code[0] is parameters


@pytest.mark.parametrize("path", named(REPORT))
def test_the_parameters_are_those_of_a_run(path):
    from sufficiency_lib.settings import RunParameters

    (cell,) = tagged(read(path), "parameters")
    assigned = [node for node in ast.parse(cell.source).body if isinstance(node, ast.AnnAssign)]
    assert [node.target.id for node in assigned] == list(RunParameters.model_fields)
    assert all(ast.unparse(node.annotation) == "str" for node in assigned)


@pytest.mark.parametrize("path", named(NOTEBOOKS))
def test_a_notebook_is_thin(path):
    notebook = read(path)
    apart = tagged(notebook, "parameters") + tagged(notebook, "setup")
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        for node in ast.walk(ast.parse(cell.source)):
            assert not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda), cell.source
            if isinstance(node, ast.Attribute):
                assert node.attr not in {"groupby", "merge", "apply", "pivot_table"}, cell.source
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert not looks_like_a_path(node.value), node.value
        if cell not in apart:
            lines = [line for line in cell.source.splitlines() if line.strip()]
            assert 1 <= len(lines) <= LONGEST_CELL, cell.source


def looks_like_a_path(text: str) -> bool:
    return bool(
        re.match(r"(\.{0,2}|~)/\w|[A-Za-z]:\\", text)
        or re.search(r"\.(csv|parquet|xlsx|json|toml|gpkg|zip)$", text)
    )


# --- every committed file --------------------------------------------------------------------


def committed() -> list[Path]:
    """The files that are or would be committed."""
    told = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=PROJECT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if told.returncode:
        pytest.skip("this is not a git checkout")
    paths = [PROJECT / name for name in told.stdout.split("\0") if name]
    return [path for path in paths if path.is_file()]


def test_no_committed_file_names_a_folder_of_a_machine():
    # The names are put together here, or this file would break its own rule.
    homes = "|".join(("wor" + "k", "hom" + "e", "roo" + "t", "User" + "s"))
    machine = re.compile(rf"(?<![\w.~<-])/(?:{homes})/\w")
    for path in committed():
        if path.suffix in {".png", ".parquet", ".xlsx", ".zip", ".gpkg"}:
            continue
        found = machine.search(path.read_text(encoding="utf-8"))
        assert not found, f"{path.relative_to(PROJECT)}: {found and found[0]}"


def test_no_committed_file_is_data_of_a_council():
    names = [path.relative_to(PROJECT).as_posix() for path in committed()]
    assert not [name for name in names if name.startswith(("data/local/", "data/sample/"))]
    written = [name for name in names if name.startswith("outputs/")]
    assert written in ([], ["outputs/.gitkeep"])


# --- no record of a child --------------------------------------------------------------------

#: Formats that hold tables and that nothing here reads: none of them is committed at all.
UNREAD = {".xls", ".ods", ".7z", ".gz", ".feather", ".arrow", ".pkl", ".sav", ".dta", ".db",
          ".sqlite", ".duckdb", ".mdb", ".accdb"}  # fmt: skip

#: A column that says which child a row is about, whatever the table.
NAMES_A_CHILD = {"CHILD", "CHILD_ID", "CHILDID", "UPN", "DATE_OF_BIRTH", "DOB"}


def holds_records(name: str, raw: bytes) -> bool:
    """Whether a file has the columns of a table of the return, or of one about named children."""
    suffix = Path(name).suffix.lower()
    if suffix in UNREAD:
        return True
    if suffix == ".xml":
        return is_for_a_return(raw)
    if suffix == ".zip":
        with zipfile.ZipFile(BytesIO(raw)) as archive:
            return any(holds_records(one, archive.read(one)) for one in archive.namelist())
    return any(is_about_children(header) for header in first_records(suffix, name, raw))


def first_records(suffix: str, name: str, raw: bytes) -> list[list[str]]:
    """What may be the header of a file that holds a table; nothing for any other file."""
    if suffix in {".csv", ".tsv", ".txt"}:
        return read_headers(raw[:65_536], name)
    if suffix == ".parquet":
        return [pyarrow.parquet.read_schema(BytesIO(raw)).names]
    if suffix in {".xlsx", ".xlsm"}:
        sheets = openpyxl.load_workbook(BytesIO(raw), read_only=True)
        return [
            [str(cell) for cell in row if cell is not None]
            for sheet in sheets for row in sheet.iter_rows(max_row=20, values_only=True)
        ]  # fmt: skip
    return []


def is_about_children(header: list[str]) -> bool:
    names = [name.strip().upper() for name in header]
    renamed = standard_names(names)
    table = recognise(renamed.get(name, name) for name in names)
    return table is not None or bool(NAMES_A_CHILD & set(names))


def test_no_committed_file_holds_a_record_of_a_child():
    found = [
        path.relative_to(PROJECT).as_posix()
        for path in committed() if holds_records(path.name, path.read_bytes())
    ]  # fmt: skip
    assert not found, f"{found}: children's records never belong in the repository"


RETURN = "CHILD,DECOM,RNE,LS,PLACE,DEC\n1,2024-04-01,S,C2,U6,\n"


def as_bytes(write) -> bytes:
    held = BytesIO()
    write(held)
    return held.getvalue()


def zipped(name: str, text: str) -> bytes:
    def write(held: BytesIO) -> None:
        with zipfile.ZipFile(held, "w") as archive:
            archive.writestr(name, text)

    return as_bytes(write)


FRAME = pd.DataFrame({"child_id": ["1"], "decom": ["2024-04-01"]})


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("a.csv", RETURN.encode()),
        ("a.TXT", ("The return of 2024\n" + RETURN.replace(",", "\t")).encode("utf-16")),
        ("a.csv", b"child_id,contract,annual_cost\n1,spot,1\n"),
        ("a.xml", b"<EXPSSDA903><CHILD/></EXPSSDA903>"),
        ("a.zip", zipped("2024/x.csv", RETURN)),
        ("a.parquet", as_bytes(FRAME.to_parquet)),
        ("a.xlsx", as_bytes(lambda held: FRAME.to_excel(held, startrow=5))),
        ("a.sqlite", b""),
    ],
)
def test_records_are_known_in_any_clothing(name, raw):
    assert holds_records(name, raw)


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("authorities.csv", b"code,name,region\nE06000019,Herefordshire,West Midlands\n"),
        ("population.csv", b"mid_year,children\n2024,35300\n"),
        ("a.md", RETURN.encode()),
        ("a.xml", b"<feed><title>x</title></feed>"),
    ],
)
def test_what_is_about_no_child_may_be_committed(name, raw):
    assert not holds_records(name, raw)


@pytest.mark.parametrize(
    "name",
    [
        "data/local/kent/2025/episodes.csv", "data/sample/x/header.csv", "episodes.csv",
        "notebooks/return.xml", "docs/Return 2025.xlsx", "returns.zip", "tests/a.parquet",
        "outputs/kent/appendix.html", "outputs-internal/kent/tables.xlsx", "a/b/c.sqlite",
    ],
)  # fmt: skip
def test_data_laid_down_anywhere_are_ignored(name):
    told = subprocess.run(
        ["git", "check-ignore", "-q", "--no-index", name], cwd=PROJECT, check=False
    )
    if told.returncode > 1:
        pytest.skip("this is not a git checkout")
    assert told.returncode == 0
