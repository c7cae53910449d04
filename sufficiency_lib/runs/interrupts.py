"""Ctrl-C and SIGTERM while authorities run: noted at once, acted upon where it is safe.

An exception raised by a signal can come at any line, and is lost where Python can only ignore it
(as something is thrown away, say). So a signal only leaves word here, and the loop that waits for
the authorities sees it.
"""

from __future__ import annotations

import multiprocessing
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interrupts:
    """Whether this process was told to stop, and by which signal.

    waker  readable once it was: to be waited for beside whatever else is
    """

    def __init__(self) -> None:
        self.signal: int | None = None
        self.waker, self._word = multiprocessing.Pipe(duplex=False)

    def note(self, number: int, frame: FrameType | None = None) -> None:
        """Leave word of a signal; the first one counts."""
        if self.signal is None:
            self.signal = number
            self._word.send_bytes(b"\0")

    def leave_if_told(self) -> None:
        """Leave as the signal would have: KeyboardInterrupt, or SystemExit with its code."""
        if self.signal == signal.SIGINT:
            raise KeyboardInterrupt
        if self.signal is not None:
            raise SystemExit(128 + self.signal)

    def close(self) -> None:
        """Give back what was opened."""
        self.waker.close()
        self._word.close()


@contextmanager
def noted() -> Iterator[Interrupts]:
    """Take Ctrl-C and SIGTERM for as long as the block lasts; outside the main thread, neither."""
    interrupts = Interrupts()
    before = {}
    if threading.current_thread() is threading.main_thread():
        before = {number: signal.signal(number, interrupts.note) for number in _SIGNALS}
    try:
        yield interrupts
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        interrupts.close()

