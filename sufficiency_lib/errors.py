"""Errors a council analyst can act on, each with the exit code the command line gives.

An error's text is a sentence: what was found and where (file, row, column, value), what
was expected, and what to do. It never holds a child's identifier.
"""

from __future__ import annotations


class SufficiencyError(Exception):
    """Anything the suite refuses to do, said in a sentence. Exit code 1.

    >>> SufficiencyError("One authority of three could not be run.").exit_code
    1
    """

    exit_code = 1


class ConfigurationError(SufficiencyError):
    """A parameter, profile or folder is wrong. Exit code 2.

    >>> ConfigurationError("'narnia' is not an authority we know.").exit_code
    2
    """

    exit_code = 2


class InputError(SufficiencyError):
    """The data cannot be read safely. Exit code 3.

    >>> InputError("episodes.csv has no column DECOM.").exit_code
    3
    """

    exit_code = 3


def describe_place(file: str, line: int | None = None, column: str | None = None) -> str:
    """Say where something was found, for the start of an error or a finding.

    Lines are counted as a text editor counts them: the header is line 1. In XML, which may
    be one long line, it is the children that are counted.

    >>> describe_place("2024/episodes.csv", 14, "DECOM")
    '2024/episodes.csv, line 14, column DECOM'
    >>> describe_place("2024.xml", 14, "DECOM")
    '2024.xml, child number 14, column DECOM'
    >>> describe_place("2024/episodes.csv")
    '2024/episodes.csv'
    """
    parts = [file]
    if line is not None:
        counted = "child number" if file.lower().endswith(".xml") else "line"
        parts.append(f"{counted} {line}")
    if column is not None:
        parts.append(f"column {column}")
    return ", ".join(parts)
