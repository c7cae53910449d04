"""What happened to each authority, kept beside the outputs in manifest.json.

Public, like everything beside it when the audience is public: it holds hashes, counts and dates,
no folder of this machine and no value of a return.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sufficiency_lib.moving import move

FILE = "manifest.json"
VERSION = 1

#: In the name of a file that is being written, before it is moved into place.
ASIDE = ".aside-"

#: What is said of an authority whose run was killed.
UNFINISHED = "The run ended before it was done."


@dataclass
class Manifest:
    """The record of every authority in one output folder, by slug.

    An entry says: name, code, synthetic, status (`done`, `failed`, or `running` while it is under
    way and after its run was killed), attempts (since the last success, and with what was started
    again), audience, as_at, parameters, fingerprint (hash of each part), inputs and outputs (hash
    of each file), tables (rows and suppressed cells), edition (the key of what decided which
    cells are suppressed), seconds, failure (None, or kind and message).
    After a failure the entry still describes the last good appendix.

    finished  whether the last run came to its end, with an index and a summary of what is here
    """

    folder: Path
    authorities: dict[str, dict[str, Any]] = field(default_factory=dict)
    finished: bool = True
    _texts: dict[str, tuple[dict[str, Any], str]] = field(
        default_factory=dict, repr=False, compare=False
    )

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """The manifest of an output folder; empty when there is none or it cannot be read.

        An unreadable manifest only means that everything is run again, which mends it; so does
        an unreadable entry for its authority.
        """
        try:
            content = json.loads((folder / FILE).read_text(encoding="utf-8"))
            if content["version"] != VERSION:
                return cls(folder)
            entries = {k: v for k, v in dict(content["authorities"]).items() if _is_entry(v)}
            return cls(folder, entries, finished=content.get("finished") is not False)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return cls(folder)

    def write(self) -> None:
        """Write it aside and move it into place, so that it is always whole."""
        entries = ",\n".join(
            f'  {json.dumps(slug, ensure_ascii=False)}: {self._text(slug, entry)}'
            for slug, entry in sorted(self.authorities.items())
        )
        listed = f"{{\n{entries}\n }}" if entries else "{}"
        finished = json.dumps(self.finished)
        write_whole(
            self.folder / FILE,
            f'{{\n "authorities": {listed},\n "finished": {finished},\n "version": {VERSION}\n}}\n',
        )

    def _text(self, slug: str, entry: dict[str, Any]) -> str:
        """An entry as JSON; made once, as a manifest of England is written hundreds of times."""
        known = self._texts.get(slug)
        if known is None or known[0] is not entry:
            text = json.dumps(entry, indent=1, sort_keys=True, ensure_ascii=False)
            self._texts[slug] = known = (entry, text.replace("\n", "\n  "))
        return known[1]

    def began(self, slug: str, about: Mapping[str, Any]) -> None:
        """Record that an authority is under way; what is known of its last good appendix stays.

        about  its name and code
        """
        known = self.authorities.get(slug, {})
        again = known.get("attempts", 0) if known.get("status") in ("failed", "running") else 0
        self.authorities[slug] = {
            **about, **known, "status": "running", "attempts": again + 1, "failure": None,
        }  # fmt: skip

    def succeeded(self, slug: str, entry: Mapping[str, Any], *, tries: int = 1) -> None:
        """Record a new appendix; `tries` counts what was started again within this run."""
        attempts = self._attempts(slug, tries)
        self.authorities[slug] = {**entry, "status": "done", "attempts": attempts, "failure": None}

    def failed(
        self, slug: str, about: Mapping[str, Any], *, kind: str, message: str, tries: int = 1
    ) -> None:
        """Record a failure; what is known of the last good appendix stays."""
        known = self.authorities.get(slug, {})
        self.authorities[slug] = {
            **about,
            **known,
            "status": "failed",
            "attempts": self._attempts(slug, tries),
            "failure": {"kind": kind, "message": message},
        }

    def settle_unfinished(self) -> list[str]:
        """Record as failed what is still under way, once no run is; returns which there were."""
        left = [slug for slug, known in self.authorities.items() if known["status"] == "running"]
        for slug in left:
            self.failed(slug, {}, kind="stopped", message=UNFINISHED)
        return sorted(left)

    def _attempts(self, slug: str, tries: int) -> int:
        """Attempts after one more run, which `began` has counted where it was told of it."""
        known = self.authorities.get(slug, {})
        before = {"failed": 0, "running": -1}.get(known.get("status", ""))
        return tries if before is None else known.get("attempts", 0) + before + tries

    def failures(self) -> list[str]:
        """The slugs of the authorities whose last run failed or did not finish, in order."""
        return sorted(s for s, entry in self.authorities.items() if entry["status"] != "done")


def _is_entry(entry: Any) -> bool:
    return isinstance(entry, dict) and {"name", "status"} <= entry.keys()


def write_whole(path: Path, text: str) -> None:
    """Write a text file so that a reader finds the old one or the new one, never a part."""
    aside = path.with_name(f".{path.name}{ASIDE}{os.getpid()}")
    try:
        aside.write_text(text, encoding="utf-8", newline="\n")
        move(aside, path)
    except OSError:
        with suppress(OSError):
            aside.unlink()
        raise
