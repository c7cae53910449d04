"""Estimate the drift of rates from the published panel.

    python -m sufficiency_lib.forecast.estimate FILE [--to TOML]

FILE is the Local Authority Interactive Tool's table of children looked after (csv, zip or
parquet). What was found is printed; with --to it is written as `forecast/parameters/drift.toml`
is, which the library ships.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from sufficiency_lib.errors import InputError, SufficiencyError
from sufficiency_lib.forecast.drift import drift_toml, numbers
from sufficiency_lib.forecast.panel_fit import Fitted, fit_drift
from sufficiency_lib.forecast.panel_flows import flows
from sufficiency_lib.forecast.panel_read import Panel, read_panel

COMMAND = "python -m sufficiency_lib.forecast.estimate FILE --to TOML"
SOURCE = (
    "Department for Education, Local Authority Interactive Tool, children looked after: number "
    "on 31 March, starting and ceasing in the year"
)
#: How each parameter is said on the screen.
SAID: Mapping[str, str] = MappingProxyType(
    {
        "entry_sd": "entries: own change a year (log)",
        "entry_persistence": "entries: left of it a year later",
        "exit_sd": "exits: own change a year (log)",
        "exit_persistence": "exits: left of it a year later",
        "correlation": "correlation of both changes",
        "volatility_sd": "how authorities differ in volatility (log)",
        "entry_dispersion": "entries: variance of a year's count over its mean",
        "exit_dispersion": "exits: the same",
        "chance_correlation": "correlation of both in a year",
        "level_entry_sd": "entries: between authorities (log)",
        "level_exit_sd": "exits: between authorities (log)",
        "level_correlation": "correlation of both levels",
        "shared_entry_sd": "entries: the country's change a year (log)",
        "shared_exit_sd": "exits: the country's change a year (log)",
        "shared_correlation": "correlation of both",
        "shared_freedom": "degrees of freedom of the country's changes",
    }
)


def provenance(path: Path, panel: Panel) -> dict[str, object]:
    """What an estimate rests on: the file, its content, its years and its authorities."""
    authorities = panel.authorities()
    known = authorities.stock.notna()
    return {
        "source": SOURCE,
        "file": path.name,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "first_year": panel.years[0],
        "last_year": panel.years[-1],
        "authorities": int(known.any(axis=1).sum()),
        "authority_years": int(known.to_numpy().sum()),
    }


def estimate(path: Path) -> Fitted:
    """The drift of a published file, from all of its years, with its provenance.

    Raises
    ------
    InputError: see `panel_read.read_panel` and `panel_flows.flows`.
    """
    panel = read_panel(path)
    fitted = fit_drift(flows(panel.authorities(), panel.years[-1]))
    said = provenance(path, panel) | {"command": COMMAND}
    return replace(fitted, drift=replace(fitted.drift, provenance=MappingProxyType(said)))


def report(fitted: Fitted) -> str:
    """A line a parameter: the estimate, and the interval that holds it with 80%."""
    intervals, said = fitted.intervals(), fitted.drift.provenance
    lines = [f"{said['authority_years']:,} years of {said['authorities']} authorities, "
             f"{said['first_year']} to {said['last_year']}"]  # fmt: skip
    for name, value in numbers(fitted.drift).items():
        between = "{:8.3f} to {:.3f}".format(*intervals[name]) if name in intervals else ""
        lines.append(f"{SAID[name]:<52}{value:8.3f}{between}".rstrip())
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Estimate, print and write; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", type=Path, help="the published table")
    parser.add_argument("--to", type=Path, help="where to write the parameters as TOML")
    asked = parser.parse_args(arguments)
    try:
        fitted = estimate(asked.file)
        print(report(fitted))
        if asked.to:
            _write(asked.to, drift_toml(fitted.drift))
    except SufficiencyError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return 0


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as problem:
        raise InputError(f"{path.name} cannot be written: {problem.strerror}.") from None
    print(f"written to {path}")


if __name__ == "__main__":
    raise SystemExit(main())
