"""Random answers that keep their shares: as drawing from a bag without putting back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

Choice = TypeVar("Choice")
Choices = Sequence[tuple[Choice, float]]


def spread(count: int, rng: np.random.Generator) -> np.ndarray:
    """Numbers from 0 to 1, one in each of `count` equal parts, in random order."""
    return (rng.permutation(count) + rng.random()) / max(count, 1)


def in_shares(
    choices: Choices[Choice], count: int, rng: np.random.Generator
) -> list[Choice]:
    """So many weighted choices, each as often as its weight asks, in random order.

    >>> sorted(in_shares((("a", 0.75), ("b", 0.25)), 4, np.random.default_rng(1)))
    ['a', 'a', 'a', 'b']
    """
    limits = np.cumsum([weight for _, weight in choices])
    at = np.searchsorted(limits, spread(count, rng) * limits[-1], side="right")
    return [choices[i][0] for i in np.minimum(at, len(choices) - 1).tolist()]


def among(asked: Sequence[bool], share: float, rng: np.random.Generator) -> list[bool]:
    """Who of those asked say yes; nobody else does.

    >>> among([True, False, True], 1.0, np.random.default_rng(1))
    [True, False, True]
    """
    said = iter((spread(sum(asked), rng) < share).tolist())
    return [next(said) if one else False for one in asked]
