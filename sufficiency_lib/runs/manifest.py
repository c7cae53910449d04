"""What happened to each authority, kept beside the outputs in manifest.json.

Public, like everything beside it when the audience is public: it holds hashes, counts and dates,
no folder of this machine and no value of a return.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FILE = "manifest.json"
VERSION = 1


@dataclass
class Manifest:
    """The record of every authority in one output folder, by slug.

    An entry says: name, code, synthetic, status (`done` or `failed`), attempts (since the last
    success), audience, as_at, parameters, fingerprint (hash of each part), inputs and outputs
    (hash of each file), tables (rows and suppressed cells), seconds, failure (None, or kind and
    message).
    After a failure the entry still describes the last good appendix.
    """

    folder: Path
    authorities: dict[str, dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """The manifest of an output folder; empty when there is none or it cannot be read.

        An unreadable manifest only means that everything is run again, which mends it.
        """
        try:
            content = json.loads((folder / FILE).read_text(encoding="utf-8"))
            authorities = content["authorities"] if content["version"] == VERSION else {}
            return cls(folder, dict(authorities))
        except (OSError, ValueError, KeyError, TypeError):
            return cls(folder)

    def write(self) -> None:
        """Write it aside and move it into place, so that it is always whole."""
        content = {"version": VERSION, "authorities": dict(sorted(self.authorities.items()))}
        text = json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
        write_whole(self.folder / FILE, text)

    def succeeded(self, slug: str, entry: dict[str, Any]) -> None:
        """Record a new appendix."""
        attempts = self._attempts(slug) + 1
        self.authorities[slug] = {**entry, "status": "done", "attempts": attempts, "failure": None}

    def failed(self, slug: str, about: dict[str, Any], *, kind: str, message: str) -> None:
        """Record a failure; what is known of the last good appendix stays."""
        known = self.authorities.get(slug, {})
        self.authorities[slug] = {
            **about,
            **known,
            "status": "failed",
            "attempts": self._attempts(slug) + 1,
            "failure": {"kind": kind, "message": message},
        }

    def _attempts(self, slug: str) -> int:
        known = self.authorities.get(slug, {})
        return known.get("attempts", 0) if known.get("status") == "failed" else 0

    def failures(self) -> list[str]:
        """The slugs of the authorities whose last run failed, in order."""
        return sorted(s for s, entry in self.authorities.items() if entry["status"] == "failed")


def write_whole(path: Path, text: str) -> None:
    """Write a text file so that a reader finds the old one or the new one, never a part."""
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    aside.write_text(text, encoding="utf-8", newline="\n")
    os.replace(aside, path)
