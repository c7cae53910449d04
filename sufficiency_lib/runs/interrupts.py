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

#: On Windows Ctrl-Break too, by which whoever started a program there can ask it to end.
_SIGNALS = (signal.SIGINT, signal.SIGTERM, *filter(None, [getattr(signal, "SIGBREAK", None)]))


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
    try:
        if threading.current_thread() is threading.main_thread():
            for number in _SIGNALS:
                before[number] = signal.getsignal(number)
                signal.signal(number, interrupts.note)
        yield interrupts
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        interrupts.close()


@contextmanager
def held_back() -> Iterator[None]:
    """Keep Ctrl-C from what is started in the block until it lets it through itself.

    On a terminal Ctrl-C goes to every process there is; one that is still on its imports would
    answer with a traceback, or would not be there when it is needed.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    from multiprocessing import resource_tracker  # Not everywhere.

    # Started by the way, it would let signals through before the end of the block.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def let_through() -> None:
    """Take signals again in a process that was started while they were held back."""
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})

