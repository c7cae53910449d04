"""Runs: what is stale, what is published of an executed notebook, and what survives a failure."""

from __future__ import annotations

import hashlib
import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import pytest
from run_stand_in import notebook

from sufficiency_lib.errors import ConfigurationError
from sufficiency_lib.intake.folders import AuthorityFolder
from sufficiency_lib.runs import fingerprint, plan
from sufficiency_lib.runs.assemble import refuse_private
from sufficiency_lib.runs.manifest import Manifest
from sufficiency_lib.runs.normalise import normalised
from sufficiency_lib.runs.outputs import OutputFolder
from sufficiency_lib.settings import RunParameters

# --- what is published of an executed notebook -----------------------------------------------


def executed() -> nbformat.NotebookNode:
    """A notebook as papermill leaves it, with everything that must not be published."""
    injected = nbformat.v4.new_code_cell(
        '# Parameters\nauthority = "a"\ndata = "/srv/jane/returns"\nreference = ""', id="r4nd0m"
    )
    injected.metadata = {
        "tags": ["injected-parameters"],
        "papermill": {"duration": 0.1},
        "execution": {"iopub.status.busy": "2026-01-01T00:00:00Z"},
    }
    injected.metadata = nbformat.from_dict(injected.metadata)
    shown = nbformat.v4.new_code_cell("page", id="kept", execution_count=2)
    shown.outputs = [
        nbformat.v4.new_output("stream", name="stderr", text="/srv/jane/x.py: UserWarning"),
        nbformat.v4.new_output("stream", name="stdout", text="child 123"),
        nbformat.v4.new_output("execute_result", data={"text/plain": "<Page at 0x7f00ab12>"}),
    ]
    made = nbformat.v4.new_notebook(cells=[injected, shown])
    made.metadata["papermill"] = {"input_path": "/srv/jane/01.ipynb"}
    made.metadata["language_info"] = {"name": "python", "version": "3.11.7"}
    return made


def test_normalised_holds_no_path_time_random_id_or_printed_text():
    text = nbformat.writes(normalised(executed()))
    for private in ("jane", "0x7f", "duration", "2026-01-01", "r4nd0m", "papermill", "3.11.7"):
        assert private not in text
    assert "child 123" not in text


def test_normalised_keeps_sources_outputs_tags_and_the_given_notebook():
    before = executed()
    clean = normalised(before)
    assert clean.cells[0].source.splitlines()[2:] == ['data = "returns"', 'reference = ""']
    assert clean.cells[0]["id"] == "injected-parameters"
    assert clean.cells[0].metadata == {"tags": ["injected-parameters"]}
    assert clean.cells[1]["id"] == "kept" and clean.cells[1].execution_count == 2
    assert clean.cells[1].outputs[0].data["text/plain"] == "<Page>"
    assert before == executed()


def test_normalising_twice_changes_nothing():
    once = normalised(executed())
    assert nbformat.writes(normalised(once)) == nbformat.writes(once)


def test_outputs_that_name_a_private_folder_are_refused(tmp_path):
    (tmp_path / "appendix.html").write_text("<p>/srv/returns/x.csv</p>", encoding="utf-8")
    with pytest.raises(Exception, match="appendix.html would show a folder of this machine"):
        refuse_private(tmp_path, [Path("/srv/returns")])
    refuse_private(tmp_path, [Path("/srv/elsewhere")])


# --- what is stale ---------------------------------------------------------------------------


@pytest.fixture
def settled(tmp_path):
    """An authority that has been run: its plan's arguments, and a way to plan again."""
    folder = tmp_path / "data" / "northshire"
    folder.mkdir(parents=True)
    (folder / "episodes.csv").write_text("CHILD\n1\n", encoding="utf-8")
    notebooks = (notebook(tmp_path / "01_one.ipynb", "1"), notebook(tmp_path / "02_two.ipynb", "2"))
    outputs = OutputFolder(tmp_path / "outputs")
    manifest = Manifest(outputs.root)
    found = AuthorityFolder(folder, None, "Northshire", "northshire")

    def again(told: RunParameters | None = None, reference: str = "r", force: bool = False):
        told = told or RunParameters(authority="northshire")
        return plan.plan(
            [found], [told], reference=reference, notebooks=notebooks, outputs=outputs,
            manifest=manifest, force=force,
        )[0]  # fmt: skip

    place = outputs.of("northshire")
    (place / "notebooks").mkdir(parents=True)
    for path in notebooks:
        (place / "notebooks" / path.name).write_text("{}", encoding="utf-8")
    left = {"outputs": fingerprint.tree_hashes(place)}
    manifest.succeeded("northshire", {**again().entry(), **left})
    return again, folder, place, notebooks, manifest, outputs


def test_an_authority_never_run_is_stale(settled):
    again, *_, manifest, _ = settled
    manifest.authorities.clear()
    assert again().reason == "never run"


def test_an_unchanged_authority_is_up_to_date_unless_forced(settled):
    again, *_ = settled
    assert again().reason == ""
    assert again(force=True).reason == "forced"


def test_a_changed_input_is_named(settled):
    again, folder, *_ = settled
    (folder / "episodes.csv").write_text("CHILD\n2\n", encoding="utf-8")
    assert again().reason == "inputs changed: episodes.csv"


def test_a_change_that_leaves_size_and_date_is_seen(settled):
    again, folder, *_ = settled
    file = folder / "episodes.csv"
    before, text = file.stat(), file.read_text(encoding="utf-8")
    file.write_text(text.replace("1", "2"), encoding="utf-8")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert file.stat().st_size == before.st_size
    assert again().reason == "inputs changed: episodes.csv"


def test_every_file_is_hashed_once_by_threads_or_without(tmp_path):
    """By a second method; around the size from which threads hash."""
    large = fingerprint._LARGE_BYTES
    files = {"b/a.csv": b"", "b-c.csv": b"x" * (large - 1), "a.zip": b"y" * large,
             "b/d/z.pdf": b"z" * (9 * large), "reference/store": b"r"}  # fmt: skip
    for name, content in {**files, ".hidden/x": b"", "b/~$a.csv": b"", "b/.DS_Store": b""}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    expected = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    assert fingerprint.tree_hashes(tmp_path) == expected
    del expected["reference/store"]
    with ThreadPoolExecutor(2) as pool:
        found = fingerprint.tree_hashes(tmp_path, leave_out=["reference"], pool=pool)
    assert found == expected
    assert list(found) == ["a.zip", "b/a.csv", "b/d/z.pdf", "b-c.csv"]
    assert fingerprint.tree_hashes(tmp_path / "not there") == {}


def test_a_touched_or_hidden_file_is_no_change(settled):
    again, folder, *_ = settled
    os.utime(folder / "episodes.csv", (1, 1))
    (folder / ".DS_Store").write_text("x", encoding="utf-8")
    assert again().reason == ""


def test_other_parameters_reference_or_notebooks_are_reasons(settled):
    again, _, _, notebooks, *_ = settled
    internal = RunParameters(authority="northshire", audience="internal")
    assert again(internal).reason == "parameters changed"
    assert again(reference="other").reason == "the reference store changed"
    notebook(notebooks[0], "changed")
    assert again().reason == "notebooks changed"


@pytest.mark.parametrize("change", ["removed", "edited", "added"])
def test_tampered_outputs_are_a_reason(settled, change):
    again, _, place, *_ = settled
    file = place / "notebooks" / "01_one.ipynb"
    if change == "removed":
        file.unlink()
    else:
        (file if change == "edited" else place / "extra.csv").write_text("x", encoding="utf-8")
    assert again().reason.startswith("outputs changed: ")


def test_a_failure_is_a_reason(settled):
    again, *_, manifest, _ = settled
    manifest.failed("northshire", {}, kind="notebook", message="")
    assert again().reason == "failed last time"


def test_only_runs_one_notebook_and_takes_the_others_from_the_last_run(settled):
    again, _, place, _, manifest, outputs = settled
    one = plan.only(again(), "02_two", outputs, manifest)
    assert [path.name for path in one.notebooks] == ["02_two.ipynb"]
    assert one.reuse == (place / "notebooks" / "01_one.ipynb",)


@pytest.mark.parametrize(
    ("reference", "reason"), [("r", ""), ("newer", "notebooks changed")], ids=["same", "changed"]
)
def test_after_only_the_next_plan_runs_all_if_the_other_sections_are_older(
    settled, reference, reason
):
    again, _, place, _, manifest, outputs = settled
    one = plan.only(again(reference=reference), "02_two", outputs, manifest)
    manifest.succeeded("northshire", {**one.entry(), "outputs": fingerprint.tree_hashes(place)})
    assert again(reference=reference).reason == reason


def test_only_is_refused_for_another_notebook_or_other_data(settled):
    again, folder, _, _, manifest, outputs = settled
    with pytest.raises(ConfigurationError, match="'09_nine' is not a notebook; expected one of 01"):
        plan.only(again(), "09_nine", outputs, manifest)
    (folder / "episodes.csv").write_text("CHILD\n2\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="run it once without --only"):
        plan.only(again(), "02_two", outputs, manifest)


def test_00_explore_is_never_in_a_report(tmp_path):
    for name in ("00_explore", "02_two", "01_one"):
        notebook(tmp_path / f"{name}.ipynb")
    assert [path.stem for path in plan.report_notebooks(tmp_path)] == ["01_one", "02_two"]


def test_published_parameters_hold_no_folder_but_its_name():
    told = RunParameters(authority="a", data=Path("/srv/jane/returns"))
    assert plan.public_parameters(told)["data"] == "returns"
    assert "jane" not in json.dumps(plan.public_parameters(told))


# --- moved into place, or not at all ---------------------------------------------------------


def built(outputs: OutputFolder, slug: str, text: str) -> None:
    (outputs.building(slug) / "appendix.html").write_text(text, encoding="utf-8")


def test_a_built_folder_replaces_the_one_before_whole(tmp_path):
    outputs = OutputFolder(tmp_path)
    (tmp_path / "a" / "internal").mkdir(parents=True)
    built(outputs, "a", "new")
    outputs.put_in_place("a")
    assert [path.name for path in outputs.of("a").iterdir()] == ["appendix.html"]
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_a_crash_in_the_middle_of_the_exchange_is_put_right(tmp_path, monkeypatch):
    outputs = OutputFolder(tmp_path)
    built(outputs, "a", "good")
    outputs.put_in_place("a")
    built(outputs, "a", "new")
    real, calls = os.replace, []

    def crashes_at_the_second(*where):
        calls.append(where)
        if len(calls) == 2:
            raise OSError("no space left")
        real(*where)

    monkeypatch.setattr(os, "replace", crashes_at_the_second)
    with pytest.raises(OSError, match="no space"):
        outputs.put_in_place("a")
    monkeypatch.undo()
    outputs.prepare()
    assert (outputs.of("a") / "appendix.html").read_text(encoding="utf-8") == "good"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_an_output_folder_that_cannot_be_made_is_a_sentence(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="cannot be written .*; choose another with --out"):
        OutputFolder(tmp_path / "file").prepare()


def test_internal_folders_are_set_aside_beside_the_public_ones(tmp_path):
    outputs = OutputFolder(tmp_path / "outputs")
    outputs.prepare()
    built(outputs, "a", "internal")
    outputs.put_in_place("a")
    assert outputs.set_aside(["a", "never-there"]) == ["a"]
    assert not outputs.of("a").exists()
    aside = tmp_path / "outputs-internal" / "a" / "appendix.html"
    assert aside.read_text(encoding="utf-8") == "internal"


def exchanged(outputs: OutputFolder, *texts: str, keep: int, as_at: str = "2025-03-31") -> None:
    for text in texts:
        built(outputs, "a", text)
        if text.startswith("internal"):
            (outputs.to_build_in("a") / "internal").mkdir()
        assert outputs.put_in_place("a", keep=keep, as_at=as_at)


def pages(shelf: Path) -> dict[str, str]:
    return {path.parent.name: path.read_text("utf-8") for path in shelf.glob("*/appendix.html")}


def test_the_newest_editions_are_kept_and_numbered_on(tmp_path):
    outputs = OutputFolder(tmp_path / "outputs")
    outputs.prepare()
    exchanged(outputs, "1", "2", "3", "4", keep=2)
    shelf = tmp_path / "outputs-earlier" / "a"
    assert pages(shelf) == {"0002_2025-03-31": "2", "0003_2025-03-31": "3"}
    exchanged(outputs, "5", keep=0)
    assert pages(shelf) == {"0002_2025-03-31": "2", "0003_2025-03-31": "3"}
    exchanged(outputs, "6", keep=1, as_at="2025-09-30")
    assert pages(shelf) == {"0004_2025-09-30": "5"}
    assert [path.name for path in outputs.root.iterdir()] == ["a"]


def test_an_internal_edition_is_never_kept_where_public_ones_are(tmp_path):
    outputs = OutputFolder(tmp_path / "outputs")
    outputs.prepare()
    exchanged(outputs, "internal 1", "internal 2", "public", keep=1)
    assert not (tmp_path / "outputs-earlier").exists()
    shelf = tmp_path / "outputs-internal" / "earlier" / "a"
    assert pages(shelf) == {"0002_2025-03-31": "internal 2"}


def test_an_edition_whose_shelf_cannot_be_made_waits_for_the_next_run(tmp_path):
    outputs = OutputFolder(tmp_path / "outputs")
    outputs.prepare()
    (tmp_path / "outputs-earlier").write_text("in the way", encoding="utf-8")
    built(outputs, "a", "1")
    outputs.put_in_place("a")
    built(outputs, "a", "2")
    assert not outputs.put_in_place("a", keep=1, as_at=None)
    assert (outputs.of("a") / "appendix.html").read_text("utf-8") == "2"
    (tmp_path / "outputs-earlier").unlink()
    outputs.prepare()
    assert pages(tmp_path / "outputs-earlier" / "a") == {"0001_undated": "1"}


def test_an_edition_goes_to_a_shelf_on_another_disk_whole(tmp_path, monkeypatch):
    outputs = OutputFolder(tmp_path / "outputs")
    outputs.prepare()
    real = os.replace

    def other_disk(source, to):
        if ".keeping-" in str(source) and "outputs-earlier" in str(to):
            raise OSError(18, "Invalid cross-device link")
        real(source, to)

    monkeypatch.setattr(os, "replace", other_disk)
    exchanged(outputs, "1", "2", keep=1)
    shelf = tmp_path / "outputs-earlier" / "a"
    assert pages(shelf) == {"0001_2025-03-31": "1"}
    assert [path.name for path in shelf.iterdir()] == ["0001_2025-03-31"]
    assert [path.name for path in outputs.root.iterdir()] == ["a"]


# --- the manifest ----------------------------------------------------------------------------


def test_a_manifest_reads_back_as_written(tmp_path):
    manifest = Manifest(tmp_path)
    manifest.succeeded("a", {"name": "A", "outputs": {"x": "1"}})
    manifest.write()
    assert Manifest.read(tmp_path).authorities == manifest.authorities


def test_a_failure_keeps_what_is_known_of_the_last_good_and_counts_attempts(tmp_path):
    manifest = Manifest(tmp_path)
    manifest.succeeded("a", {"name": "A", "as_at": "2025-03-31"})
    for _ in range(2):
        manifest.failed("a", {"name": "A"}, kind="notebook", message="A notebook stopped.")
    entry = manifest.authorities["a"]
    assert (entry["status"], entry["attempts"], entry["as_at"]) == ("failed", 2, "2025-03-31")
    assert manifest.failures() == ["a"]
    manifest.succeeded("a", {"name": "A"})
    assert (manifest.authorities["a"]["attempts"], manifest.failures()) == (3, [])


def test_what_was_under_way_when_a_run_was_killed_is_said(tmp_path):
    manifest = Manifest(tmp_path)
    manifest.succeeded("a", {"name": "A", "as_at": "2025-03-31"})
    manifest.began("a", {"name": "A"})
    manifest.began("b", {"name": "B"})
    manifest.finished = False
    manifest.write()
    again = Manifest.read(tmp_path)
    assert again == manifest and again.failures() == ["a", "b"]
    assert plan.why_stale(again.authorities["a"], {}, {}, tmp_path) == "did not finish last time"
    assert again.settle_unfinished() == ["a", "b"]
    assert plan.why_stale(again.authorities["a"], {}, {}, tmp_path) == "did not finish last time"
    assert again.authorities["a"]["as_at"] == "2025-03-31"
    assert again.authorities["b"]["failure"]["message"] == "The run ended before it was done."
    again.began("b", {"name": "B"})
    again.succeeded("b", {"name": "B"}, tries=2)
    assert again.authorities["b"]["attempts"] == 3


def test_an_entry_that_cannot_be_read_is_run_again_and_the_others_are_kept(tmp_path):
    text = '{"version": 1, "authorities": {"a": {}, "b": 3, "c": {"name": "C", "status": "done"}}}'
    (tmp_path / "manifest.json").write_text(text, encoding="utf-8")
    assert set(Manifest.read(tmp_path).authorities) == {"c"}


@pytest.mark.parametrize("text", ["", "{", "[]", '{"version": 99, "authorities": {"a": {}}}'])
def test_a_damaged_manifest_counts_as_none(tmp_path, text):
    (tmp_path / "manifest.json").write_text(text, encoding="utf-8")
    assert Manifest.read(tmp_path).authorities == {}


def test_a_name_in_the_summary_never_becomes_a_formula():
    from sufficiency_lib.runs.front import as_csv

    rows = [{"authority": "=cmd()", "value": "-3.5"}, {"authority": "Kent", "value": "c"}]
    assert as_csv(rows, ("authority",)) == "authority,value\n'=cmd(),-3.5\nKent,c\n"
