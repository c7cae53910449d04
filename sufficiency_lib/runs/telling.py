"""Say how a run is going: a bar on a terminal, otherwise one line an event, on stderr."""

from __future__ import annotations

import sys
from types import TracebackType

from sufficiency_lib.runs.task import Outcome, Progress


class Teller:
    """Tells a person, or a log, how several authorities are getting on.

    `steps` is how many steps there are in all. Used as a context, so that the bar is closed.
    """

    def __init__(self, steps: int, names: dict[str, str]) -> None:
        from tqdm import tqdm

        self._names = names
        self._done: dict[str, int] = {}
        hidden = not sys.stderr.isatty()
        self._bar = tqdm(total=steps, disable=hidden, unit="step", leave=False, file=sys.stderr)

    def __enter__(self) -> Teller:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.close()

    def progress(self, step: Progress) -> None:
        """A step has begun."""
        name = self._names[step.slug]
        if self._bar.disable:
            _line(f"{name}: {step.what} ({step.done + 1} of {step.total})")
        else:
            self._bar.set_description_str(f"{name}: {step.what}", refresh=False)
            self._advance(step.slug, step.done)

    def outcome(self, outcome: Outcome) -> None:
        """An authority is done, or has failed."""
        name = self._names[outcome.slug]
        words = [f"done in {outcome.seconds:g} s"] if outcome.ok else []
        said = f"{name}: " + "; ".join([*words, *filter(None, [outcome.message])])
        if self._bar.disable:
            _line(said)
        else:
            self._bar.write(said, file=sys.stderr)

    def _advance(self, slug: str, done: int) -> None:
        self._bar.update(done - self._done.get(slug, 0))
        self._done[slug] = done


def _line(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
