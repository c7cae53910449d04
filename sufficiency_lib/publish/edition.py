"""Everything that is published together: the tables of all notebooks, before any is shown.

The notebooks say what is published, so they are read for it: their cells run here with a page
that shows nothing and keeps each table as it is. Of those, `publish.plan` decides what is
hidden. That is done once for an authority's data and the notebooks as they stand, and kept.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pandas as pd

from sufficiency_lib.publish.disclosure import undisclosed
from sufficiency_lib.publish.plan import Part, Plan, plan
from sufficiency_lib.publish.specs import TableSpec, spec_for
from sufficiency_lib.settings import cache_folder, project_folder
from sufficiency_lib.store import private


class Collector:
    """A page that shows nothing, and keeps every table that is to be published.

    profile, parameters, as_at  as of a `Page`
    parts                       what was kept
    """

    def __init__(self, study: Any) -> None:
        self.profile, self.parameters, self.as_at = study.profile, study.parameters, study.as_at
        self.rule = study.locality_rule
        self.is_internal = False
        self.parts: list[Part] = []

    def table(
        self, table_id: str, frame: pd.DataFrame, *, spec: TableSpec | None = None,
        as_id: str | None = None, **_: Any,
    ) -> None:
        """Keep a table, under the name it is published by."""
        known = spec_for(table_id, frame, spec)
        named = known.named(as_id) if as_id else known
        self.parts.append(Part(known.id, named, frame, f"{self.as_at:%Y-%m-%d}"))

    chart = table

    def disclose(
        self, table_id: str, frame: pd.DataFrame, spec: TableSpec | None = None
    ) -> pd.DataFrame:
        """The frame with nothing hidden, so that what is made of it is kept whole too."""
        return undisclosed(frame, spec_for(table_id, frame, spec))

    def internal_table(self, *_: Any, **__: Any) -> None:
        """Nothing: it is never published."""

    opening = say = note = internal_table

    def value(self, *_: Any, **__: Any) -> str:
        """A stand-in for a figure of a sentence; its table is kept where it is published."""
        return ""


def collect(study: Any, notebooks: list[Path]) -> list[Part]:
    """Every table that the notebooks publish of a dataset, with nothing hidden.

    study      a `dataset.Dataset`
    notebooks  in the order of the edition
    """
    page = Collector(study)
    for path in notebooks:
        names: dict[str, Any] = {"__name__": "__main__"}
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] != "code":
                continue
            source = "".join(cell["source"])
            exec(compile(source, path.name, "exec"), names)  # the suite's own notebooks
            tags = cell["metadata"].get("tags", ())
            if "parameters" in tags:
                names |= _as_told(study)
            if "setup" in tags:
                names |= {"study": study, "page": page}
    return page.parts


def _as_told(study: Any) -> dict[str, str]:
    """A run's parameters as the notebooks take them: text, blank for the default."""
    told = study.parameters.model_dump(mode="json")
    return {name: "" if value is None else str(value) for name, value in told.items()}


def edition_plan(study: Any) -> Plan:
    """What all tables of the edition of a dataset hide; made once, then kept.

    A library without its notebooks has no edition: then each table is hidden by itself.
    """
    root = project_folder()
    notebooks = [] if root is None else [
        path for path in sorted((root / "notebooks").glob("*.ipynb"))
        if not path.name.startswith("00_")
    ]
    if not notebooks:
        return Plan()
    kept = private(cache_folder() / "editions") / f"{_key(study, notebooks)}.json"
    if kept.is_file():
        return Plan.from_json(kept.read_text(encoding="utf-8"))
    made = plan(collect(study, notebooks), study.profile.disclosure)
    aside = kept.with_name(f".{kept.name}.{os.getpid()}")
    aside.write_text(made.as_json(), encoding="utf-8")
    os.replace(aside, kept)
    return made


def _key(study: Any, notebooks: list[Path]) -> str:
    """Of all that a plan rests on: the data, what was told, the notebooks and the library."""
    library = Path(__file__).resolve().parent.parent
    told = json.dumps(_as_told(study), sort_keys=True) + study.profile.model_dump_json()
    digest = hashlib.sha256(f"{study.fingerprint}\n{told}\n".encode())
    for path in [*notebooks, *sorted(library.rglob("*.py"))]:
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:24]
