"""The folder of outputs: built aside, moved into place, never half of anything.

At any moment an authority's folder is the last good one, or is being exchanged and can be
recovered by the next run.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sufficiency_lib.errors import ConfigurationError

_BUILDING = ".building-"
_PREVIOUS = ".previous-"


@dataclass(frozen=True)
class OutputFolder:
    """Where the appendices of every authority stand."""

    root: Path

    def prepare(self) -> None:
        """Make the folder, and put right what an interrupted run left in it.

        Raises ConfigurationError when it cannot be written.
        """
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            self._recover()
            probe = self.root / f"{_BUILDING}probe"
            probe.mkdir(exist_ok=True)
            probe.rmdir()
        except OSError as error:
            raise ConfigurationError(
                f"The output folder '{self.root.name}' cannot be written "
                f"({error.strerror or error}); choose another with --out."
            ) from None

    def _recover(self) -> None:
        for previous in self.root.glob(f"{_PREVIOUS}*"):
            place = self.of(previous.name.removeprefix(_PREVIOUS))
            if place.exists():
                shutil.rmtree(previous)
            else:
                os.replace(previous, place)
        for building in self.root.glob(f"{_BUILDING}*"):
            shutil.rmtree(building, ignore_errors=True)

    def of(self, slug: str) -> Path:
        """The folder of one authority's outputs."""
        return self.root / slug

    def building(self, slug: str) -> Path:
        """A new, empty folder beside it, to build in."""
        path = self.root / f"{_BUILDING}{slug}"
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir()
        return path

    def put_in_place(self, slug: str) -> None:
        """Exchange the folder of an authority for the one that was built."""
        place = self.of(slug)
        previous = self.root / f"{_PREVIOUS}{slug}"
        if place.exists():
            os.replace(place, previous)
        os.replace(self.root / f"{_BUILDING}{slug}", place)
        shutil.rmtree(previous, ignore_errors=True)

    def discard(self, slug: str) -> None:
        """Forget what was being built."""
        shutil.rmtree(self.root / f"{_BUILDING}{slug}", ignore_errors=True)

    @property
    def aside(self) -> Path:
        """Where internal appendices go when the folder becomes public: beside it, not in it."""
        return self.root.with_name(f"{self.root.name}-internal")

    def set_aside(self, slugs: Iterable[str]) -> list[str]:
        """Move internal appendices out of the folder; says which there were."""
        moved = []
        for slug in slugs:
            if self.of(slug).is_dir():
                self.aside.mkdir(exist_ok=True)
                shutil.rmtree(self.aside / slug, ignore_errors=True)
                os.replace(self.of(slug), self.aside / slug)
                moved.append(slug)
        return moved
