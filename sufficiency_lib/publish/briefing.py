"""What the summary and the page for families share: reading shown figures, and words for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sufficiency_lib.judgement.shown import Shown, newest, number_in, rows_of
from sufficiency_lib.publish.disclosure import round_half_up
from sufficiency_lib.publish.wording import Words, long_date, mid_sentence, number, sentence_case
from sufficiency_lib.settings_forecast import NO_CHANGE

Row = Mapping[str, object]

#: A strategy's life: the forecast is told for the next year end and for this many years ahead.
YEARS_AHEAD = 5


@dataclass(frozen=True)
class Part:
    """A heading and what stands under it, a point for each paragraph or bullet."""

    heading: str
    points: tuple[str, ...]


@dataclass(frozen=True)
class Brief:
    """What a sentence is written from.

    shown  the tables of the page by id, as disclosed: numbers, marks, blanks
    words  the authority's words for codes
    name   the authority
    day    the day of the page, a date or ISO text
    rule   the locality rule in force
    """

    shown: Shown
    words: Words
    name: str
    day: object
    rule: str = "home_20_miles"

    def rows(self, table: str, **where: object) -> list[Row]:
        """The rows whose keys are these."""
        return rows_of(self.shown, table, **where)

    def row(self, table: str, **where: object) -> Row:
        """The row whose keys are these; an empty one where there is none or several.

        >>> import pandas as pd
        >>> shown = {"locality": pd.DataFrame({"cohort": ["all"], "within": [241]})}
        >>> Brief(shown, Words(), "Anyshire", "2025-03-31").row("locality", cohort="all")
        {'cohort': 'all', 'within': 241}
        """
        return _only(rows_of(self.shown, table, **where))

    def newest(self, table: str, when: str, **where: object) -> Row:
        """The row of the newest date among those whose keys are these, or an empty one."""
        return _only(newest(self.shown, table, when, **where))

    def first_and_last(
        self, table: str, when: str, column: str, **where: object
    ) -> tuple[Row, ...]:
        """The oldest and the newest row with a number in a column; none where there is but one.

        >>> import pandas as pd
        >>> shown = {"stock": pd.DataFrame({"as_at": ["2023", "2024", "2025"],
        ...     "children": ["c", 12, 14]})}
        >>> brief = Brief(shown, Words(), "Anyshire", "2025-03-31")
        >>> [row["children"] for row in brief.first_and_last("stock", "as_at", "children")]
        [12, 14]
        """
        rows = [row for row in rows_of(self.shown, table, **where)
                if when in row and number_in(row.get(column)) is not None]
        rows.sort(key=lambda row: str(row[when]))
        return (rows[0], rows[-1]) if len(rows) > 1 else ()

    def ahead(self, table: str, when: str, **where: object) -> list[Row]:
        """The rows of no change for the next year end, and for YEARS_AHEAD or the last before."""
        rows = rows_of(self.shown, table, scenario=NO_CHANGE, **where)
        rows = sorted((row for row in rows if when in row), key=lambda row: str(row[when]))
        last = f"{int(str(self.day)[:4]) + YEARS_AHEAD}{str(self.day)[4:10]}"
        within = [row for row in rows if str(row[when]) <= last]
        return within[:1] + within[-1:] if len(within) > 1 else within


#: Writes a sentence, or "" where its figures are missing or hidden.
Sentence = Callable[[Brief], str]


def written(brief: Brief, sentences: Sequence[Sentence]) -> tuple[str, ...]:
    """What the sentences have to say, in order; each line of a text is a point of its own."""
    return tuple(line for sentence in sentences for line in sentence(brief).splitlines() if line)


def figures(row: Row, *columns: str) -> tuple[float, ...]:
    """The numbers in these cells, or none at all where any is a mark or missing.

    >>> figures({"within": 241, "children": 330}, "within", "children")
    (241.0, 330.0)
    >>> figures({"within": "c", "children": 330}, "within", "children")
    ()
    """
    values = tuple(number_in(row.get(column)) for column in columns)
    return () if None in values else values


def count(value: float) -> str:
    """A count in figures, whole: halves up, as a forecast's middle may have one.

    >>> count(1234), count(12.5), count(0)
    ('1,234', '13', '0')
    """
    return number("children", round_half_up(value))


def share(value: float) -> str:
    """A percentage as the tables print it: '73.0%'."""
    return number("rate_pct", value)


def published_share(value: float) -> str:
    """A published percentage, which has a decimal only where one was published.

    >>> published_share(22.0), published_share(44.5)
    ('22%', '44.5%')
    """
    return number("england", value, "%")


def counted(value: float, one: str, many: str, none: str = "") -> str:
    """A count with its noun, and with 'no' for nought.

    >>> counted(1, "child", "children"), counted(0, "child", "children")
    ('1 child', 'no children')
    >>> counted(1200, "night", "nights"), counted(0, "child", "children", "none")
    ('1,200 nights', 'none')
    """
    if value == 0:
        return none or f"no {many}"
    return f"{count(value)} {one if value == 1 else many}"


def moved(start: str, end: str, is_up: bool) -> str:
    """How a figure went from one printed value to another; the same where they print alike.

    >>> moved("317", "330", True), moved("9.1%", "9.1%", False)
    ('rose from 317 to 330', 'stayed at 9.1%')
    """
    if start == end:
        return f"stayed at {end}"
    return f"{'rose' if is_up else 'fell'} from {start} to {end}"


def change(start: float, end: float, say: Callable[[float], str]) -> str:
    """As `moved`, from the two numbers and how they are printed.

    >>> change(77, 63, count), change(71.9, 73.0, share), change(5, 5, count)
    ('fell from 77 to 63', 'rose from 71.9% to 73.0%', 'stayed at 5')
    """
    return moved(say(start), say(end), end > start)


def in_ten(part: float, whole: float) -> str:
    """A share as a family reads it: the nearest tenth, halves up, worked on the counts.

    None and all are said only of exactly none and all, so that the words are always true; a
    share under a twentieth is 'fewer than 1 in 10', and one of 19 twentieths or more that is
    not all is 'more than 9 in 10'. No children give "".

    >>> in_ten(241, 330), in_ten(3, 4), in_ten(1, 2), in_ten(1, 40)
    ('about 7 in 10', 'about 8 in 10', 'about half', 'fewer than 1 in 10')
    >>> in_ten(0, 9), in_ten(9, 9), in_ten(39, 40), in_ten(0, 0)
    ('none', 'all', 'more than 9 in 10', '')
    """
    if whole <= 0 or not 0 <= part <= whole:
        return ""
    if part in (0, whole):
        return "all" if part else "none"
    tenths = round_half_up(10 * part / whole)
    if tenths in (0, 10):
        return "more than 9 in 10" if tenths else "fewer than 1 in 10"
    return "about half" if tenths == 5 else f"about {tenths} in 10"


def rule_words(brief: Brief, rule: object) -> str:
    """A locality rule within a sentence: 'within 20 miles of the child's home'; "" for none."""
    text = brief.words.code("rule", rule) if rule else None
    return mid_sentence(text or "")


def closed(text: object) -> str:
    """A text as a sentence: a capital first, one full stop last; "" for a blank."""
    words = str(text).strip() if isinstance(text, str) else ""
    return f"{sentence_case(words).rstrip('.')}." if words else ""


def day_words(value: object) -> str:
    """The day of a cell in full: of a period its last."""
    return long_date(str(value).split("/")[-1][:10])


def _only(rows: Sequence[Row]) -> Row:
    return rows[0] if len(rows) == 1 else {}
