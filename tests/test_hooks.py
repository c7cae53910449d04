"""The hooks of pre-commit: the same on every system, and what is stripped from a notebook."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]


def entries() -> dict[str, list[str]]:
    """Each hook's command, by its id."""
    text = (PROJECT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    assert text.count("language: system") == text.count("- id: ") == text.count("entry: ")
    found = re.findall(r"- id: (\S+)\n.*\n +entry: (.+)\n", text)
    return {hook: shlex.split(entry) for hook, entry in found}


def test_every_hook_runs_with_whatever_environment_is_active():
    """No path of one system's environments, and nothing to fetch."""
    commands = entries()
    assert list(commands) == ["ruff", "nbstripout", "no-records"]
    assert all(command[:2] == ["python", "-m"] for command in commands.values())


def test_what_must_not_be_committed_is_looked_for():
    command = entries()["no-records"]
    chosen = command[command.index("-k") + 1]
    [file] = [part for part in command if part.endswith(".py")]
    names = re.findall(r"^def (test_\w+)", (PROJECT / file).read_text(encoding="utf-8"), re.M)
    assert "test_no_committed_file_holds_a_record_of_a_child" in [n for n in names if chosen in n]


def test_a_notebook_is_stripped_of_outputs_and_keeps_its_tags_and_ids(tmp_path):
    pytest.importorskip("nbstripout")
    path = tmp_path / "01_one.ipynb"
    shown = {"output_type": "stream", "name": "stdout", "text": ["child 123"]}
    cells = [
        {"id": "parameters", "cell_type": "code", "metadata": {"tags": ["parameters"]},
         "source": ['authority: str = "a"'], "execution_count": 7, "outputs": [shown]},
        {"id": "why", "cell_type": "markdown", "metadata": {}, "source": ["# Why"]},
        {"id": "setup", "cell_type": "code",
         "metadata": {"tags": ["setup"], "execution": {"iopub.status.busy": "2026-01-01"}},
         "source": ["1"], "execution_count": 8, "outputs": []},
    ]  # fmt: skip
    about = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    written = {"cells": cells, "metadata": about, "nbformat": 4, "nbformat_minor": 5}
    path.write_bytes(json.dumps(written, indent=1).replace("\n", "\r\n").encode())
    command = [sys.executable, *entries()["nbstripout"][1:], str(path)]
    subprocess.run(command, check=True, capture_output=True)
    left = json.loads(path.read_text(encoding="utf-8"))
    assert [cell["id"] for cell in left["cells"]] == ["parameters", "why", "setup"]
    code = [cell for cell in left["cells"] if cell["cell_type"] == "code"]
    assert [cell["metadata"]["tags"] for cell in code] == [["parameters"], ["setup"]]
    assert [(cell["outputs"], cell["execution_count"]) for cell in code] == [([], None)] * 2
    assert left["metadata"]["kernelspec"]["name"] == "python3"
    assert "child 123" not in path.read_text(encoding="utf-8")
