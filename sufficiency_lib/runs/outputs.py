"""The folder of outputs: built aside, moved into place, never half of anything.

At any moment an authority's folder is the last good one, or is being exchanged and can be
recovered by the next run. What begins with a dot belongs to a run that is under way.
"""

from __future__ import annotations

import errno
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sufficiency_lib.errors import ConfigurationError
from sufficiency_lib.moving import move, remove
from sufficiency_lib.runs import earlier
from sufficiency_lib.runs.lock import cannot_write
from sufficiency_lib.runs.manifest import ASIDE

_BUILDING = ".building-"
_PREVIOUS = ".previous-"

#: More characters than the longest path in the folder has, from `.building-` on; a test holds that.
LONGEST_INSIDE = 110


@dataclass(frozen=True)
class OutputFolder:
    """Where the appendices of every authority stand."""

    root: Path

    def prepare(self) -> None:
        """Make the folder, and put right what an interrupted run left in it.

        Only for the run that holds the folder (see `lock`). Raises ConfigurationError when it
        cannot be written, or has no room for the paths of what is in it.
        """
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            self._recover()
            probe = self.building("probe")
            self._try_longest_path(probe)
            remove(probe)
        except OSError as error:
            raise cannot_write(self.root, error) from None

    def _try_longest_path(self, probe: Path) -> None:
        """See that the longest path there will be can be written: Windows has a limit."""
        name = "p" * (LONGEST_INSIDE - len(probe.name) - 1)
        try:
            (probe / name).touch()
        except OSError as error:
            if error.errno not in (errno.ENOENT, errno.ENAMETOOLONG):
                raise
            raise ConfigurationError(
                f"The path of the output folder '{self.root.name}' is too long: with its "
                f"{len(str(self.root))} characters, what is in it would have more than this "
                "system takes; choose a shorter one with --out."
            ) from None

    def _recover(self) -> None:
        for previous in self.root.glob(f"{_PREVIOUS}*"):
            self._put_back(previous, previous.name.removeprefix(_PREVIOUS))
        for previous in self.root.glob(f"{earlier.KEEPING}*"):
            slug, _ = earlier.read_way(previous)
            if self.of(slug).exists():
                self._keep(previous)
            else:
                move(previous, self.of(slug))
        for building in self.root.glob(f"{_BUILDING}*"):
            remove(building)
        for written in self.root.glob(f".*{ASIDE}*"):
            written.unlink()

    def _put_back(self, previous: Path, slug: str) -> None:
        """What an authority's folder was before an exchange, unless that came to its end."""
        if self.of(slug).exists():
            remove(previous)
        else:
            move(previous, self.of(slug))

    def of(self, slug: str) -> Path:
        """The folder of one authority's outputs."""
        return self.root / slug

    def to_build_in(self, slug: str) -> Path:
        """Where an authority's outputs are built, whether or not they are under way."""
        return self.root / f"{_BUILDING}{slug}"

    def building(self, slug: str) -> Path:
        """A new, empty folder beside it, to build in."""
        path = self.to_build_in(slug)
        remove(path)
        path.mkdir()
        return path

    def put_in_place(self, slug: str, *, keep: int = 0, as_at: str | None = None) -> bool:
        """Exchange the folder of an authority for the one that was built.

        keep     how many earlier appendices to keep of it (see `earlier`); with none, what was
                 kept before is left alone
        as_at    the date of the appendix that now makes room
        returns  False when that one was to be kept and could not be: the next run tries again

        Raises OSError when they cannot be exchanged; the last good one then stays.
        """
        place, built = self.of(slug), self.to_build_in(slug)
        if not place.exists():
            move(built, place)
            return True
        out = self._way_out(slug, keep, as_at)
        remove(out)
        move(place, out)
        try:
            move(built, place)
        except OSError:
            move(out, place)
            raise
        if not keep:
            remove(out)
            return True
        done = self._keep(out)
        earlier.thin_out(self.root, slug, keep)
        return done

    def _keep(self, out: Path) -> bool:
        try:
            earlier.put_on_shelf(out, self.root)
        except OSError:
            return False
        return True

    def _way_out(self, slug: str, keep: int, as_at: str | None) -> Path:
        if not keep:
            return self.root / f"{_PREVIOUS}{slug}"
        on = earlier.shelf(self.root, slug, internal=earlier.is_internal(self.of(slug)))
        return earlier.on_its_way(self.root, slug, earlier.next_label(on, as_at))

    def discard(self, slug: str) -> None:
        """Forget what was being built."""
        remove(self.to_build_in(slug))

    @property
    def aside(self) -> Path:
        """Where internal appendices go when the folder becomes public: beside it, not in it."""
        return self.root.with_name(f"{self.root.name}-internal")

    def set_aside(self, slugs: Iterable[str]) -> list[str]:
        """Move internal appendices out of the folder; says which there were.

        Raises ConfigurationError when they cannot be moved.
        """
        moved = []
        try:
            for slug in slugs:
                if self.of(slug).is_dir():
                    self.aside.mkdir(exist_ok=True)
                    remove(self.aside / slug)
                    move(self.of(slug), self.aside / slug)
                    moved.append(slug)
        except OSError as error:
            raise cannot_write(self.aside, error) from None
        return moved
