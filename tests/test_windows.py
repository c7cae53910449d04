"""What Windows would do to a run: seen through a stand-in for it (`windows_stand_in`).

One script is run once, with every process of it under the stand-in, and its findings are looked
at one by one.
"""

from __future__ import annotations

import ast
import io
import json
import os
import subprocess
import sys
from pathlib import Path, PureWindowsPath

import click
import pytest

from sufficiency_lib import cli, moving
from sufficiency_lib.errors import ConfigurationError
from sufficiency_lib.intake.files import find_files, is_left_by_programs
from sufficiency_lib.publish.specs import SPECS
from sufficiency_lib.runs import command, earlier, samples
from sufficiency_lib.runs.fingerprint import UNREADABLE, tree_hashes
from sufficiency_lib.runs.lock import SCRATCH
from sufficiency_lib.runs.normalise import folder_name, published_parameters
from sufficiency_lib.runs.outputs import LONGEST_INSIDE, OutputFolder
from sufficiency_lib.store import content_key

PROJECT = Path(__file__).resolve().parents[1]
LIBRARY = PROJECT / "sufficiency_lib"

SCRIPT = '''
import json, os, sys
from importlib import import_module
from pathlib import Path

place, found = Path(sys.argv[1]), {}

def imported():
    import sufficiency_lib
    root = Path(sufficiency_lib.__file__).parent
    for path in sorted(root.rglob("*.py")):
        parts = path.relative_to(root.parent).with_suffix("").parts
        import_module(".".join(part for part in parts if part != "__init__"))
        found["modules"] = found.get("modules", 0) + 1

def ran(*slugs):
    from run_stand_in import planned, work
    from sufficiency_lib.runs.conduct import carry_out
    from sufficiency_lib.runs.lock import one_run_at_a_time
    from sufficiency_lib.runs.manifest import Manifest
    from sufficiency_lib.runs.outputs import OutputFolder
    outputs = OutputFolder(place / "outputs")
    with one_run_at_a_time(outputs.root):
        outputs.prepare()
        outcomes = carry_out(
            [planned(place, slug) for slug in slugs], outputs=outputs,
            manifest=Manifest.read(outputs.root), logs=place / "logs", jobs=2, step_limit=60,
            on_progress=lambda step: None, on_outcome=lambda outcome: None, work=work)
    return {one.slug: [one.failure, one.message] for one in outcomes}

def in_a_kernel():
    from run_stand_in import notebook
    from sufficiency_lib.runs.execute import run_notebook
    from sufficiency_lib.runs.kernels import quieten
    from sufficiency_lib.settings import RunParameters
    scratch = place / "scratch"
    scratch.mkdir()
    quieten(scratch)
    path = notebook(place / "01_one.ipynb",
        "import json, pathlib, ipykernel.connect as c\\n"
        "info = json.loads(pathlib.Path(c.get_connection_file()).read_text())\\n"
        "json.dumps([info['transport'], 'curve_publickey' in info, as_at])")
    done = run_notebook(path, RunParameters(authority="a"), scratch)
    return json.loads(done.cells[-1].outputs[0].data["text/plain"].strip("'"))

if __name__ == "__main__":
    imported()
    from sufficiency_lib.runs import forks, kernels, pool
    found["forks"] = [forks.can_fork(), kernels.sockets_serve(place), pool.usable_cores() > 0]
    found["first"] = ran("bad", "york")
    with open(place / "outputs" / "york" / "appendix.html", encoding="utf-8"):
        found["open"] = ran("york")
    found["york"] = (place / "outputs" / "york" / "appendix.html").read_text(encoding="utf-8")
    found["again"] = ran("york")
    found["left"] = sorted(path.name for path in (place / "outputs").iterdir())
    found["kernel"] = in_a_kernel()
    print(json.dumps(found))
'''


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict:
    place = tmp_path_factory.mktemp("windows")
    (place / "t").mkdir()
    (place / "sitecustomize.py").write_text(
        "import windows_stand_in\nwindows_stand_in.install()\n", encoding="utf-8")
    (place / "script.py").write_text(SCRIPT, encoding="utf-8")
    told = subprocess.run(
        [sys.executable, str(place / "script.py"), str(place)],
        capture_output=True, text=True, start_new_session=True,
        env={**os.environ, "TMPDIR": str(place / "t"), "PYTHONPATH": os.pathsep.join(
            [str(place), str(PROJECT / "tests"), str(PROJECT)])},
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    assert "WARNING" not in told.stderr
    scratch = [path.name for path in (place / "t").glob(f"{SCRATCH}*")]
    return {**json.loads(told.stdout.splitlines()[-1]), "scratch": scratch}


def test_every_module_is_imported(found: dict) -> None:
    assert found["modules"] == len(list(LIBRARY.rglob("*.py")))


def test_authorities_run_without_forks_and_sockets(found: dict) -> None:
    assert found["forks"] == [False, False, True]
    assert found["first"] == {
        "bad": ["bad input", "episodes.csv, line 3: found 'SECRET'."],
        "york": [None, ""],
    }


def test_an_appendix_that_is_open_stays_and_is_said(found: dict) -> None:
    failure, message = found["open"]["york"]
    assert failure == "stopped"
    assert "used by another process; close what is open in it in other programs" in message
    assert found["york"] == "new york" and found["again"] == {"york": [None, ""]}


def test_a_run_leaves_nothing_behind(found: dict) -> None:
    assert found["left"] == ["index.html", "manifest.json", "summary.csv", "york"]
    assert found["scratch"] == []


def test_a_kernel_on_tcp_is_encrypted(found: dict) -> None:
    assert found["kernel"] == ["tcp", True, ""]


# --- what is open elsewhere ------------------------------------------------------------------


def refusing(monkeypatch: pytest.MonkeyPatch, name: str, times: int, why: int = 32) -> list:
    """`os.replace` or `shutil.rmtree` that fails so often as Windows would; the calls it gets."""
    module = {"replace": moving.os, "rmtree": moving.shutil}[name]
    real, calls = getattr(module, name), []

    def refuse(*told, **more):
        calls.append(told)
        if len(calls) <= times:
            error = PermissionError(13, "Access is denied")
            error.winerror = why
            raise error
        return real(*told, **more)

    monkeypatch.setattr(module, name, refuse)
    monkeypatch.setattr(moving, "_WAITS", (0.0, 0.0, 0.0))
    return calls


def test_a_move_waits_for_a_scanner_and_not_for_ever(tmp_path, monkeypatch) -> None:
    (tmp_path / "old").mkdir()
    calls = refusing(monkeypatch, "replace", 2)
    moving.move(tmp_path / "old", tmp_path / "new")
    assert (tmp_path / "new").is_dir() and len(calls) == 3
    calls = refusing(monkeypatch, "replace", 99)
    with pytest.raises(PermissionError):
        moving.move(tmp_path / "new", tmp_path / "old")
    assert len(calls) == 4
    calls = refusing(monkeypatch, "replace", 99, why=3)
    with pytest.raises(PermissionError):
        moving.move(tmp_path / "new", tmp_path / "old")
    assert len(calls) == 1


def test_a_removal_does_what_can_be_done(tmp_path, monkeypatch) -> None:
    (tmp_path / "a").mkdir()
    calls = refusing(monkeypatch, "rmtree", 3, why=145)
    moving.remove(tmp_path / "a")
    assert not (tmp_path / "a").exists() and len(calls) == 4
    moving.remove(tmp_path / "never there")
    with moving.aside(tmp_path / "a" / "b") as room:
        assert room.parent == tmp_path / "a"
    assert list((tmp_path / "a").iterdir()) == []


def test_a_sample_that_a_notebook_has_open_stays_whole(tmp_path, monkeypatch) -> None:
    sample = tmp_path / "sample"
    (sample / "reference" / "store").mkdir(parents=True)
    (sample / "PROVENANCE.md").write_text("old", encoding="utf-8")
    monkeypatch.setattr(samples.store, "make_sample", lambda to: to.mkdir() or to)
    refusing(monkeypatch, "replace", 99)
    with pytest.raises(ConfigurationError, match="'sample' could not be replaced .*close what is"):
        samples.current_sample(sample)
    assert (sample / "PROVENANCE.md").read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["sample"]


def test_what_cannot_be_opened_has_changed_and_stops_nobody_else(tmp_path, monkeypatch) -> None:
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    whole, key = tree_hashes(tmp_path), content_key(tmp_path, "")
    real = Path.read_bytes

    def held(path: Path) -> bytes:
        if path.name == "a.csv":
            raise PermissionError(13, "in use")
        return real(path)

    monkeypatch.setattr(Path, "read_bytes", held)
    monkeypatch.setattr("sufficiency_lib.runs.fingerprint._opened", lambda path: held(Path(path)))
    monkeypatch.setattr("sufficiency_lib.runs.fingerprint._rest_hashed", lambda file, digest: "b")
    assert tree_hashes(tmp_path) == {"a.csv": UNREADABLE, "b.csv": "b"} and UNREADABLE not in whole
    assert content_key(tmp_path, "") != key


def test_what_programs_leave_is_no_input(tmp_path) -> None:
    (tmp_path / "episodes.csv").write_text("CHILD\n", encoding="utf-8")
    hashes, key = tree_hashes(tmp_path), content_key(tmp_path, "")
    for name in ("~$costs.xlsx", "Thumbs.db", "desktop.ini", ".~lock.a.csv#", "~WRL0001.tmp.csv"):
        (tmp_path / name).write_text("x", encoding="utf-8")
        assert is_left_by_programs(name)
    assert [file.name for file in find_files(tmp_path)] == ["episodes.csv"]
    assert tree_hashes(tmp_path) == hashes and content_key(tmp_path, "") == key


# --- paths -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (r"\\council\childrens services\903 returns [2025]", "903 returns [2025]"),
        ("//council/share/Zoë's data", "Zoë's data"),
        (r"\\council\share", ""),
        (r"S:\returns\100% #1", "100% #1"),
        ("S:\\", ""),
        (r"\\?\C:\very\long", "long"),
    ],
)
def test_only_the_last_part_of_a_folder_is_published(path: str, name: str) -> None:
    assert folder_name(path) == folder_name(PureWindowsPath(path)) == name
    source = f"authority = 'x'\ndata = {path!r}"
    assert published_parameters(source) == f"authority = 'x'\ndata = {json.dumps(name)}"


def test_outputs_are_never_a_whole_disk() -> None:
    asked = {name: None for name in command.Request.__dataclass_fields__}
    with pytest.raises(ConfigurationError, match="is a whole disk or share; give a folder in it"):
        command.carry_out_request(command.Request(**{**asked, "out": Path("/")}))


def test_a_path_that_leaves_no_room_is_a_sentence(tmp_path, monkeypatch) -> None:
    limit, real, tried = len(str(tmp_path)) + 1 + LONGEST_INSIDE, Path.touch, []

    def touch(path: Path) -> None:
        tried.append(len(str(path)))
        if tried[-1] > limit:
            raise FileNotFoundError(2, "The system cannot find the path specified")
        real(path)

    monkeypatch.setattr(Path, "touch", touch)
    OutputFolder(tmp_path).prepare()
    with pytest.raises(ConfigurationError, match=r"'of' is too long: with its \d+ characters"):
        OutputFolder(tmp_path / "out" / "of").prepare()
    assert tried == [limit, limit + len("/out/of")]


def test_no_path_of_the_outputs_is_longer_than_what_is_tried() -> None:
    from sufficiency_lib.intake.authorities import authority_names, slug

    longest = max((slug(name) for name in authority_names().values()), key=len)
    file = f"figures/{max(SPECS, key=len)}_99.svg"
    aside = earlier.on_its_way(Path(), longest, "0001_2025-03-31")
    for folder in (OutputFolder(Path()).to_build_in(longest), aside):
        assert len(str(folder / file)) <= LONGEST_INSIDE


# --- text ------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["cp1252", "cp850", "ascii"])
def test_what_is_not_a_terminal_is_told_in_utf_8(encoding, monkeypatch) -> None:
    monkeypatch.delenv("PYTHONIOENCODING", raising=False)
    held = io.BytesIO()
    stream = io.TextIOWrapper(held, encoding=encoding, newline="")
    cli._say_any_letter(stream)
    stream.write("84.3 → 85.1 · Ynys Môn\n")
    stream.flush()
    assert held.getvalue().decode("utf-8") == "84.3 → 85.1 · Ynys Môn\n"
    cli._say_any_letter(None)


def test_an_encoding_that_was_asked_for_stays_and_nothing_chokes(monkeypatch) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "cp1252")
    held = io.BytesIO()
    stream = io.TextIOWrapper(held, encoding="cp1252", newline="")
    cli._say_any_letter(stream)
    stream.write("1 → 2 · Môn")
    stream.flush()
    assert held.getvalue() == "1 ? 2 · Môn".encode("cp1252")


def test_a_path_with_brackets_is_no_pattern(tmp_path, monkeypatch) -> None:
    """On Windows click would take `[1]` for a pattern, and the folder beside for what is meant."""
    (tmp_path / "data 1").mkdir()
    heard = {}

    def main(self, *told, **more):
        heard.update(more)

    monkeypatch.setattr(click.Group, "main", main)
    cli.main(["check", "kent", "--data", str(tmp_path / "data [1]")])
    assert heard == {"windows_expand_args": False}


#: Called `open`, and no text file.
NO_TEXT = {"os.open", "archive.open", "self._open", "_open", "PostcodeDirectory.open",
           "pa.ipc.open_file"}  # fmt: skip


def text_opened(path: Path) -> list[tuple[str, bool]]:
    """Every call in a module that opens a file as text, and whether it writes it."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        how = node.func if isinstance(node, ast.Call) else None
        name = getattr(how, "attr", None) or getattr(how, "id", "")
        if name not in {"open", "read_text", "write_text"} or ast.unparse(how) in NO_TEXT:
            continue
        strings = {arg.value for arg in node.args if isinstance(arg, ast.Constant)}
        if not strings & {"rb", "wb"}:
            writes = name == "write_text" or bool(strings & {"w", "x", "a"})
            found.append((ast.unparse(node), writes))
    return found


def test_text_is_the_same_on_every_system() -> None:
    """Its encoding is said wherever it is opened, and its line ends wherever it is written."""
    calls = [call for path in sorted(LIBRARY.rglob("*.py")) for call in text_opened(path)]
    assert len(calls) > 20
    assert [said for said, _ in calls if "encoding=" not in said and "'utf-8'" not in said] == []
    assert [said for said, writes in calls if writes and "newline=" not in said] == []


def test_the_stand_in_is_like_windows(tmp_path) -> None:
    """What the tests above rest on: the stand-in refuses what Windows refuses."""
    script = (
        "import windows_stand_in as w, json, sys; w.install()\n"
        "from pathlib import Path\n"
        "place = Path(sys.argv[1]); (place / 'a').mkdir(); (place / 'b').mkdir()\n"
        "def why(act, *told):\n"
        "    try:\n        act(*told)\n    except PermissionError as error:\n"
        "        return error.winerror\n"
        "open_ = open(place / 'a' / 'x', 'w')\n"
        "said = [why(w.replace, place / 'a', place / 'c'), why(w.rmtree, place / 'a')]\n"
        "open_.close()\n"
        "for new in ('b', 'c'):\n"
        "    said.append(why(w.replace, place / 'a', place / new))\n"
        "(place / 't').write_text('1\\n')\n"
        "print(json.dumps([*said, (place / 't').read_bytes().decode()]))\n"
    )
    told = subprocess.run([sys.executable, "-c", script, str(tmp_path)], capture_output=True,
                          text=True, env={**os.environ, "PYTHONPATH": str(PROJECT / "tests")})
    assert json.loads(told.stdout) == [32, 32, 5, None, "1\r\n"], told.stderr


