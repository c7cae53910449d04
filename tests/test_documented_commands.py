"""Every command that the documents show is one that the command line takes."""

from __future__ import annotations

import configparser
import re
import shlex
from pathlib import Path

import click
import pytest

from sufficiency_lib.cli import main

PROJECT = Path(__file__).resolve().parents[1]
PAGES = [PROJECT / "README.md", PROJECT / "CONTRIBUTING.md",
         *sorted((PROJECT / "docs").glob("*.md"))]

_BLOCK = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`\n]+(?:\n[^`\n]+)?)`")
#: The command line by either of its names, up to what a shell would not hand on to it.
_COMMAND = re.compile(r"(?:-m sufficiency_lib|(?:^|\s)sufficiency)((?: +[^\s|>;&#`]+)+)")


def commands(page: Path) -> list[list[str]]:
    """The arguments of each command of a page, in blocks and in the text."""
    text = page.read_text(encoding="utf-8")
    told = [re.sub(r'"\s*\n\s*"', "", block) for _, block in _BLOCK.findall(text)]
    told += [span.replace("\n", " ") for span in _SPAN.findall(_BLOCK.sub("", text))]
    told = [line.replace("{{ ds }}", "2025-03-31") for part in told for line in part.splitlines()]
    found = [match[1] for line in told for match in _COMMAND.finditer(line.split(" 2>")[0])]
    words = [shlex.split(args.replace('"', " ")) for args in found]
    return [[bare for word in line if (bare := word.strip(",]'"))] for line in words]


def parsed(args: list[str]) -> None:
    """Have the command line read arguments, and do nothing."""
    if args == ["--help"]:
        return
    with main.make_context("sufficiency", list(args), resilient_parsing=True) as context:
        name, command, rest = main.resolve_command(context, args)
        if command is None:
            raise click.UsageError(f"No such command '{args[0]}'.")
        if rest != ["--help"]:
            command.make_context(name, rest, parent=context)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_command_line_takes_every_command_shown(page: Path) -> None:
    for args in commands(page):
        try:
            parsed(args)
        except click.UsageError as error:
            pytest.fail(f"{page.name}: {' '.join(args)}: {error.format_message()}")


def test_commands_are_found_and_a_wrong_one_would_be(tmp_path: Path) -> None:
    found = {page.name: len(commands(page)) for page in PAGES}
    assert found["README.md"] >= 3 and found["schedule.md"] >= 6
    page = tmp_path / "wrong.md"
    page.write_text("Text `python -m sufficiency_lib run\n--everything`.\n", encoding="utf-8")
    assert commands(page) == [["run", "--everything"]]
    with pytest.raises(click.UsageError, match="No such option"):
        parsed(["run", "--everything"])
    with pytest.raises(click.UsageError, match="No such command 'runs'"):
        parsed(["runs"])


def blocks(language: str) -> list[str]:
    text = (PROJECT / "docs" / "schedule.md").read_text(encoding="utf-8")
    return [block for name, block in _BLOCK.findall(text) if name == language]


def test_the_units_for_systemd_are_whole() -> None:
    units = {}
    for block in blocks("ini"):
        unit = configparser.ConfigParser(interpolation=None)
        unit.optionxform = str
        unit.read_string(block)
        units |= {name: unit for name in unit.sections() if name != "Unit"}
    assert set(units) == {"Service", "Timer", "Install"}
    service = units["Service"]["Service"]
    program = service["ExecStart"].split()[0]
    assert program.startswith(service["WorkingDirectory"] + "/") and service["Type"] == "oneshot"
    assert units["Timer"]["Timer"]["Persistent"] == "true"


def test_the_line_for_cron_has_a_time_and_a_command() -> None:
    (block,) = blocks("cron")
    line = block.strip().splitlines()[-1]
    *when, command = line.split(maxsplit=5)
    assert len(when) == 5 and all(re.fullmatch(r"\d+|\*", part) for part in when)
    # In a crontab a per cent sign ends the line.
    assert command.startswith("cd ") and "%" not in command
