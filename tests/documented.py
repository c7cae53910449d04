"""The blocks of a page: what a reader copies, and what they should see.

A fenced block is code in the language that its fence names. A `text` block right after one says
what it prints. Two comments may stand on the line above a block:

    <!-- not run: why -->       the block is shown and never run
    <!-- file: tests/x.toml --> the block is the whole of that file
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
PAGES = [PROJECT / "README.md", PROJECT / "CONTRIBUTING.md",
         *sorted((PROJECT / "docs").glob("*.md"))]

_BLOCK = re.compile(
    r"(?:^ *<!-- (?P<told>not run|file): (?P<what>.+?) -->\n)?"
    r"^(?P<indent> *)```(?P<language>\w*)\n(?P<text>.*?)^ *```$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Block:
    """One fenced block of a page."""

    language: str
    text: str
    line: int
    prints: str | None = None
    not_run: str = ""
    file: str = ""


def blocks(page: Path, language: str = "") -> list[Block]:
    """The blocks of a page in order, or those of one language; `text` goes with what printed it."""
    text = page.read_text(encoding="utf-8")
    found: list[Block] = []
    end = 0
    for match in _BLOCK.finditer(text):
        follows = found and not text[end : match.start()].strip()
        body = re.sub(rf"^{match['indent']}", "", match["text"], flags=re.MULTILINE)
        line = text.count("\n", 0, match.start("language")) + 1
        end = match.end()
        if match["language"] == "text" and follows:
            found[-1] = Block(**{**vars(found[-1]), "prints": body})
            continue
        told = {match["told"]: match["what"]} if match["told"] else {}
        found.append(Block(match["language"], body, line,
                           not_run=told.get("not run", ""), file=told.get("file", "")))
    return [one for one in found if language in ("", one.language)]


def patched(diff: str, files: dict[str, str]) -> dict[str, str]:
    """The files of a diff as it would leave them.

    diff   `--- a/path`, `+++ b/path`, and hunks whose old lines stand in the file just once
    files  path → text, for those that an earlier diff has changed; others are the project's
    """
    parts = re.split(r"^--- a/(.+)\n\+\+\+ b/.+\n", diff, flags=re.MULTILINE)
    assert parts[0] == "" and len(parts) > 1, f"a diff begins with --- a/ and +++ b/: {diff}"
    after = dict(files)
    for path, hunks in zip(parts[1::2], parts[2::2], strict=True):
        text = after.get(path) or (PROJECT / path).read_text(encoding="utf-8")
        for hunk in re.split(r"^@@.*\n", hunks, flags=re.MULTILINE):
            lines = hunk.splitlines(keepends=True)
            old = "".join(line[1:] or "\n" for line in lines if line[:1] in (" ", "-", "\n"))
            new = "".join(line[1:] or "\n" for line in lines if line[:1] in (" ", "+", "\n"))
            if lines:
                assert text.count(old) == 1, f"{path} no longer has just once:\n{old}"
                text = text.replace(old, new)
        after[path] = text
    return after
