"""The `lab` command: JupyterLab as it should greet an analyst, asking nothing of its makers."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from sufficiency_lib import cli
from sufficiency_lib.runs import samples

NOTIFICATIONS = "@jupyterlab/apputils-extension:notification"


def test_news_are_neither_fetched_nor_offered(tmp_path, monkeypatch):
    jupyterlab = pytest.importorskip("jupyterlab")
    from jupyterlab_server.settings_utils import get_settings

    monkeypatch.setenv("JUPYTER_CONFIG_PATH", cli.lab_environment({})["JUPYTER_CONFIG_PATH"])
    schemas = Path(jupyterlab.__file__).parent / "schemas"
    told = {"app_settings_dir": str(tmp_path), "schemas_dir": str(schemas),
            "settings_dir": str(tmp_path / "user"), "schema_name": NOTIFICATIONS}  # fmt: skip
    settings, _ = get_settings(**told)
    chosen = {name: known["default"] for name, known in settings["schema"]["properties"].items()}
    assert (chosen["fetchNews"], chosen["checkForUpdates"]) == ("false", False)


def test_what_a_user_has_set_for_jupyter_stays():
    before = {"JUPYTER_CONFIG_PATH": os.pathsep.join(["/etc/a", "/etc/b"]), "HOME": "/srv"}
    after = cli.lab_environment(before)
    own, *rest = after["JUPYTER_CONFIG_PATH"].split(os.pathsep)
    assert rest == ["/etc/a", "/etc/b"] and after["HOME"] == "/srv"
    kept = Path(own) / "labconfig" / "default_setting_overrides.json"
    assert list(json.loads(kept.read_text(encoding="utf-8"))) == [NOTIFICATIONS]


@pytest.mark.skipif(os.name == "nt", reason="Windows puts no program in the place of another")
def test_jupyterlab_takes_the_place_of_the_command(monkeypatch):
    pytest.importorskip("jupyterlab")
    monkeypatch.setattr(samples, "current_sample", lambda folder: False)
    heard = []
    monkeypatch.setattr(os, "execve", lambda *told: heard.append(told))
    assert CliRunner().invoke(cli.main, ["lab"]).exit_code == 0
    [(python, command, environment)] = heard
    assert python == sys.executable and command[1:3] == ["-m", "jupyterlab"]
    assert Path(command[-1]).name == "notebooks" and "JUPYTER_CONFIG_PATH" in environment
