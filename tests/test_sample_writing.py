"""The sample is written whole or not at all, and the same seed gives the same bytes."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from sample_files import looked_after, read

from sufficiency_lib.errors import ConfigurationError
from sufficiency_lib.sample import write as write_module
from sufficiency_lib.sample import write_sample


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_same_seed_gives_the_same_bytes(sample_dir: Path, tmp_path: Path) -> None:
    """In another process, with another hash seed, and for one authority alone."""
    to = tmp_path / "one"
    script = (
        "import sys, pathlib, sufficiency_lib.sample as s;"
        "s.write_sample(pathlib.Path(sys.argv[1]), authorities=['E06000019'])"
    )
    root = str(Path(__file__).resolve().parents[1])
    subprocess.run(
        [sys.executable, "-c", script, str(to)],
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "1", "PYTHONPATH": root},
    )
    ours, theirs = digests(to), digests(sample_dir)
    ours.pop("PROVENANCE.md")
    assert ours.items() <= theirs.items()
    assert sorted(p.name for p in to.iterdir()) == ["PROVENANCE.md", "herefordshire", "reference"]


def test_another_seed_gives_other_children(sample_dir: Path, tmp_path: Path) -> None:
    other = write_sample(tmp_path / "other", seed=7, authorities=["herefordshire"])
    assert not read(other, "herefordshire", 2025, "episodes").equals(
        read(sample_dir, "herefordshire", 2025, "episodes")
    )
    assert abs(len(looked_after(other, "herefordshire")) - 330) <= 5


def test_a_failure_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    to = tmp_path / "sample"
    to.mkdir()
    (to / "kept.txt").write_text("kept", encoding="utf-8")

    def fail(*_: object) -> None:
        raise RuntimeError("the disc is full")

    monkeypatch.setattr(write_module, "_write_authority", fail)
    with pytest.raises(RuntimeError):
        write_sample(to)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["sample"]
    assert [p.name for p in to.iterdir()] == ["kept.txt"]


def test_an_unknown_authority_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no authority 'atlantis'.*herefordshire"):
        write_sample(tmp_path / "sample", authorities=["atlantis"])
    assert list(tmp_path.iterdir()) == []


def test_provenance_says_synthetic(sample_dir: Path) -> None:
    text = (sample_dir / "PROVENANCE.md").read_text(encoding="utf-8")
    assert re.search(r"synthetic\. No child", text)
    assert "seed 20250331" in text
