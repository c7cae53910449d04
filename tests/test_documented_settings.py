"""The pages on data name what the code has: every setting, every column, every finding they tell.

So a setting that is new, gone or has another default is found here, and so is a page that makes
one up.
"""

from __future__ import annotations

import re
import tomllib
import typing
from collections.abc import Iterator
from pathlib import Path

import pytest
from documented import PROJECT, blocks
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from sufficiency_lib.codes import LOCALITY_RULES
from sufficiency_lib.intake.local_schemas import LOCAL_TABLES
from sufficiency_lib.judgement.measures import MEASURES
from sufficiency_lib.metrics.quality import RULE_LABELS
from sufficiency_lib.settings import AuthorityProfile, read_profile
from sufficiency_lib.settings_costs import PROCESSES

PROFILE = (PROJECT / "docs" / "profile.md").read_text(encoding="utf-8")
YOUR_DATA = (PROJECT / "docs" / "your-data.md").read_text(encoding="utf-8")

#: Settings of the profile as the file has them, where it does not go by the model's own names.
IN_FILE = {"code": "authority.code", "name": "authority.name", "synthetic": "authority.synthetic",
           "neighbours": "neighbours.codes", "members": "consortium.members"}
#: What the folder says, and the file does not.
OF_THE_FOLDER = {"slug", "code", "name"}


def models_in(annotation: object) -> Iterator[type[BaseModel]]:
    """The settings within a type, however it is wrapped."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in typing.get_args(annotation):
        yield from models_in(part)


def in_toml(value: object) -> str:
    """A default as the file would have it."""
    if value is PydanticUndefined:
        return "needed"
    if value in (None, "", (), {}):
        return "none"
    if isinstance(value, BaseModel):
        return "see below"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, tuple):
        return f"`{list(value)}`"
    return f'`"{value}"`' if isinstance(value, str) else f"`{value}`"


def settings_of(model: type[BaseModel], path: str = "") -> Iterator[tuple[str, str]]:
    """Every setting below a model: its place in the file, and its default."""
    for name, field in model.model_fields.items():
        place = f"{path}.{name}" if path else IN_FILE.get(name, name)
        within = list(dict.fromkeys(models_in(field.annotation)))
        if not path and name in OF_THE_FOLDER:
            if name != "slug":
                yield place, "of the folder's name"
            continue
        if path or not within:
            yield place, in_toml(field.default)
        for one in within:
            yield from settings_of(one, place)


def wanted() -> dict[str, str]:
    return dict(settings_of(AuthorityProfile))


def told() -> dict[str, str]:
    """Every setting that the page has a row for, and the default it gives."""
    found: dict[str, str] = {}
    for part in PROFILE.split("\n### ")[1:]:
        heading = re.findall(r"`\[+([\w.…]+?)\]+`", part.splitlines()[0])
        prefix = heading[0].removesuffix(".…") if len(heading) == 1 else ""
        for name, said in re.findall(r"^\| `(\w+)` \| (.+?) \| .+ \|$", part, re.MULTILINE):
            place = f"{prefix}.{name}" if prefix else name
            assert place not in found, place
            found[place] = said
    return found


def test_the_page_names_every_setting_with_its_default_and_no_other() -> None:
    assert told() == wanted()


def test_the_page_names_the_rules_measures_and_processes() -> None:
    for name in (*LOCALITY_RULES, *MEASURES, *PROCESSES):
        assert f"`{name}`" in PROFILE, name
    listed = PROFILE.split("Measures:")[1].split("###")[0]
    assert re.findall(r"`(\w+)`", listed) == list(MEASURES)


def test_the_small_profile_is_read(tmp_path: Path) -> None:
    (block,) = blocks(PROJECT / "docs" / "profile.md", "toml")
    (tmp_path / "profile.toml").write_text(block.text, encoding="utf-8")
    read = read_profile(tmp_path, code=None, name="Kent", slug="kent")
    assert read.locality.rule == "in_area" and read.targets[0].metric in MEASURES
    assert set(tomllib.loads(block.text)) == {"locality", "targets", "capacity_places"}


# --- your data ---------------------------------------------------------------------------------


@pytest.mark.parametrize("table", LOCAL_TABLES.values(), ids=lambda table: table.name)
def test_the_page_has_the_columns_of_each_local_input(table) -> None:
    (row,) = re.findall(rf"^\| `{table.name}\.csv` \|(.+)\|$", YOUR_DATA, re.MULTILINE)
    filled, blankable, optional, _ = (re.findall(r"`(\w+)`", cell) for cell in row.split("|"))
    assert filled == list(table.filled)
    assert blankable == list(table.blankable)
    assert optional == list(table.optional)


def test_the_page_names_every_local_input_and_no_other() -> None:
    assert re.findall(r"^\| `(\w+)\.csv` \|", YOUR_DATA, re.MULTILINE) == list(LOCAL_TABLES)


def test_each_finding_that_the_page_explains_is_one() -> None:
    part = YOUR_DATA.split("## Common findings")[1].split("\n## ")[0]
    named = re.findall(r"^\| `(\w+)` \| (.+?) \| .+ \|$", part, re.MULTILINE)
    assert len(named) >= 12
    for rule, words in named:
        assert RULE_LABELS[rule] == words, rule
