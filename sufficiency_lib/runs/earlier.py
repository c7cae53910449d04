"""Earlier appendices, kept beside the outputs so that `report --compare` can set two dates apart.

`outputs-earlier/<slug>/0003_2025-03-31/` is the third that was kept of an authority, as at that
date. An internal one goes below the folder of internal appendices instead, and never into a
folder that may be published.
"""

from __future__ import annotations

import re
import shutil
from contextlib import suppress
from pathlib import Path

from sufficiency_lib.moving import move, remove

#: Between an authority's slug and an edition's label, while one is on its way; in neither.
_AND = "@"
KEEPING = ".keeping-"

_LABEL = re.compile(r"(\d{4,})_[\w-]+")


def shelf(root: Path, slug: str, *, internal: bool) -> Path:
    """Where an authority's earlier appendices are.

    root      the folder of outputs
    internal  whether they are for this council's eyes only

    >>> shelf(Path("outputs"), "kent", internal=False).as_posix()
    'outputs-earlier/kent'
    >>> shelf(Path("outputs"), "kent", internal=True).as_posix()
    'outputs-internal/earlier/kent'
    """
    if internal:
        return root.with_name(f"{root.name}-internal") / "earlier" / slug
    return root.with_name(f"{root.name}-earlier") / slug


def kept(on: Path) -> list[Path]:
    """The editions on a shelf, the oldest first."""
    if not on.is_dir():
        return []
    found = [path for path in on.iterdir() if path.is_dir() and _LABEL.fullmatch(path.name)]
    return sorted(found, key=_number)


def _number(edition: Path) -> int:
    return int(edition.name.partition("_")[0])


def next_label(on: Path, as_at: str | None) -> str:
    """What the next edition on a shelf is called.

    as_at  the date of its figures, ISO; none where it is not known

    >>> next_label(Path("no-such-shelf"), "2025-03-31")
    '0001_2025-03-31'
    """
    last = [_number(edition) for edition in kept(on)[-1:]]
    return f"{max(last, default=0) + 1:04d}_{as_at or 'undated'}"


def on_its_way(root: Path, slug: str, label: str) -> Path:
    """Where an edition stands between leaving its place and being kept."""
    return root / f"{KEEPING}{slug}{_AND}{label}"


def read_way(path: Path) -> tuple[str, str]:
    """The slug and the label of an edition on its way.

    >>> read_way(on_its_way(Path("outputs"), "kent", "0001_2025-03-31"))
    ('kent', '0001_2025-03-31')
    """
    slug, _, label = path.name.removeprefix(KEEPING).rpartition(_AND)
    return slug, label


def put_on_shelf(edition: Path, root: Path) -> None:
    """Move an edition that is on its way to its shelf, whole or not at all.

    Raises OSError when it cannot be moved or copied there.
    """
    slug, label = read_way(edition)
    on = shelf(root, slug, internal=is_internal(edition))
    on.mkdir(parents=True, exist_ok=True)
    with suppress(OSError):
        move(edition, on / label)
        return
    # The shelf may be on another disk than the outputs.
    aside = on / f".{label}"
    remove(aside)
    shutil.copytree(edition, aside)
    shutil.rmtree(on / label, ignore_errors=True)
    move(aside, on / label)
    shutil.rmtree(edition)


def is_internal(edition: Path) -> bool:
    """Whether an authority's folder is an internal appendix."""
    return (edition / "internal").is_dir()


def thin_out(root: Path, slug: str, keep: int) -> None:
    """Leave the newest `keep` editions on each of an authority's shelves."""
    for internal in (False, True):
        editions = kept(shelf(root, slug, internal=internal))
        for oldest in editions[: max(0, len(editions) - keep)]:
            remove(oldest)
