"""How wide words are in the face of the figures, and the lines they take: it is set where read."""

from __future__ import annotations

#: Thousandths of its size that a letter of Arial is wide, by letter; the rest are `_COMMON`.
_ADVANCES = {
    letter: width
    for letters, width in {
        "ijl'": 222, "ft I.,:": 278, "r-()": 333, "ckvxyzsJ": 500, "FTZ": 611,
        "ABEKPSVXY&": 667, "CDHNRUw": 722, "GOQ": 778, "mM": 833, "W": 944,
    }.items()
    for letter in letters
}
_COMMON = 556
#: Where that face is missing, another is a little wider.
_OTHER_FACE = 1.04


def text_width(text: str, size: float) -> float:
    """Pixels that a text takes.

    >>> round(text_width("Isle of Wight", 12)), round(text_width("Hammersmith", 12))
    (69, 78)
    """
    return sum(_ADVANCES.get(letter, _COMMON) for letter in text) / 1000 * size * _OTHER_FACE


def in_lines(text: str, width: float, size: float) -> list[str]:
    """A text in as many lines as it takes not to be wider than `width`.

    >>> in_lines("Not in the boundary file: Wales", 130, 12)
    ['Not in the boundary', 'file: Wales']
    """
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
