"""How good the data are: what was read, what was found wrong, and how often."""

from __future__ import annotations

import pandas as pd

from sufficiency_lib.intake.findings import SEVERITIES
from sufficiency_lib.metrics.stock import percentage

RULE_LABELS: dict[str, str] = {
    "unusable_row": "An episode without a child or a readable start",
    "3": "The same episode in another year's return, or twice in one",
    "3_contradicted": "Two rows of one return for the same episode that differ",
    "nothing_follows_x1": "An episode that ends with the child still looked after, and no next",
    "code_of_another_year": "A code that the return of its year does not have",
    "extract_of_many_years": "A file of episodes that ended in many years",
    "birth_date_differs": "A child with different dates of birth in different returns",
    "identifier_alike": "Identifiers that differ only in capitals or leading zeros",
    "end_not_readable": "An end that is no date, or is before the start",
    "1": "Left open although a later episode follows",
    "1A": "Left open although care starts anew later",
    "2": "Left open in an old return and never seen again",
    "4": "An episode that runs past the start of the next",
    "5": "A gap although the child stayed looked after",
    "reason_on_open_row": "A reason for ending on an episode that is open",
    "unknown_code": "A code that is in no year's code set",
    "blank_code": "An episode without a code that a figure rests on",
    "untidy_code": "Codes in lower case or with spaces",
    "impossible_date": "A date that no calendar has",
    "not_a_date": "Text where a date belongs",
    "lines_above_header": "Lines above the header of a table",
    "blank_column": "A column in which no row has a value",
    "missing_column": "A column that a table should have",
    "empty_file": "An empty file",
    "too_many_cells": "A row with more cells than its header",
    "too_few_cells": "A row with fewer cells than its header",
    "column_twice": "A column that is there twice",
    "year_not_known": "A row whose return year nothing shows",
    "postcode_unknown": "A postcode that the directory does not have",
    "postcode_outside_england": "A postcode in Wales or Scotland that the directory does not have",
    "postcode_sector": "A postcode placed in the middle of its sector",
    "postcode_outward": "A postcode placed in the middle of its district",
    "postcode_malformed": "Text that has not the shape of a postcode",
    "postcode_not_on_british_grid": "A postcode off the British grid",
    "no_date_of_birth": "A child in no header with a date of birth",
    "not_a_number": "Text where a number belongs",
    "header_without_episode": "A child in a header without any episode",
    "missing_year": "A year without a return between two that have one",
    "outside_its_year": "An episode that does not belong to its return's year",
    "year_named_by_its_start": "A year named by the one in which its return begins",
    "cell_over_lines": "A record that runs over several lines",
    "not_a_table": "A file that is no table of the return",
    "no_rows": "A table without rows",
    "several_authorities": "Rows of several authorities in one folder",
    "shortened_identifier": "An identifier that a spreadsheet has shortened",
    "no_population": "A population file without children aged 0 to 17",
    "mid_year_twice": "A mid-year that is in the population file twice",
    "not_every_members_year": "A return of a year that not every member has",
    "member_without_population": "A member of the consortium without a population",
    "belongs_to_a_member": "A table that names children in the consortium's own folder",
    "blank_cell": "A blank cell where a value is needed",
    "out_of_bounds": "A number that cannot be",
    "not_above_nought": "A population that is not above 0",
    "doubtful_amount": "An amount too large for one week",
    "doubtful_for_fostering": "An amount too large for a week of fostering",
    "unit_not_named": "An amount whose unit its column does not name",
    "amount_with_symbols": "Amounts with pound signs or commas",
    "answer_not_read": "An answer or code of the outcome tables that cannot be read",
    "not_yes_or_no": "Text where yes or no belongs",
    "dates_out_of_order": "An end before its start",
    "more_vacancies_than_places": "A provider with more vacancies than places",
    "places_not_known": "A provider whose places are not known",
    "outcome_without_date": "A placement sought whose outcome and date do not agree",
    "unknown_authority": "A name that is no English authority's",
    "extra_columns": "Columns that a local input has no use for",
    "not_a_local_input": "A file named as a local input without its columns",
    "row_twice": "A row that is in the local inputs twice",
    "ledger_overlap": "A child paid for in two placements at once",
    "child_not_in_returns": "A child of a local input who is in no return",
    "no_as_at": "A register that does not say its day",
    "provision_left_out": "Providers of kinds that are not counted",
    "registration_suspended": "Providers whose registration is suspended",
    "provider_in_both": "Providers in the council's register and in Ofsted's",
}

_RATE_LABELS: dict[str, str] = {
    "postcode_unknown": "not in the directory",
    "postcode_malformed": "without the shape of one",
    "postcode_not_on_british_grid": "off the British grid",
    "postcode_outside_england": "in Wales or Scotland and not in the directory",
    "postcode_sector": "placed by their sector",
    "postcode_outward": "placed by their district",
    "postcode_terminated": "no longer in use",
}

TABLE_LABELS: dict[str, str] = {
    "episodes": "Episodes",
    "header": "Header",
    "uasc": "UASC",
    "reviews": "Reviews",
    "oc2": "OC2 (health and outcomes)",
    "oc3": "OC3 (care leavers)",
    "ad1": "AD1 (adoption)",
    "placed_for_adoption": "Placed for adoption",
    "previous_permanence": "Previous permanence",
    "missing": "Missing",
    "social_worker": "Social worker",
    "dolo": "Deprivation of liberty orders",
}


def rows_read(sources: pd.DataFrame) -> pd.DataFrame:
    """Rows read of each table in each return year.

    sources  table, return_year, rows: one row a file and year
    returns  table (in words), return_year (text), rows; a table met in any year has a row
             for every year, so that a missing one shows as 0

    >>> rows_read(pd.DataFrame({"table": ["uasc"], "return_year": [2024], "rows": [12]}))
      table return_year  rows
    0  UASC        2024    12
    """
    if sources.empty:
        return pd.DataFrame(columns=["table", "return_year", "rows"])
    counts = sources.groupby(["table", "return_year"])["rows"].sum().unstack(fill_value=0)
    years = range(int(sources["return_year"].min()), int(sources["return_year"].max()) + 1)
    counts = counts.reindex(columns=years, fill_value=0)
    counts = counts.reindex([table for table in TABLE_LABELS if table in counts.index])
    tidy = counts.rename_axis(columns="return_year").stack().reset_index(name="rows")
    tidy["table"] = tidy["table"].map(TABLE_LABELS)
    return tidy.astype({"return_year": str, "rows": int})


def findings_by_rule(findings: pd.DataFrame) -> pd.DataFrame:
    """How often each finding was made.

    findings  severity and rule: one row a finding
    returns   severity, finding (in words), findings; by severity, then most often first

    >>> found = pd.DataFrame({"severity": ["bending"] * 2, "rule": ["4", "4"]})
    >>> findings_by_rule(found)["findings"].tolist()
    [2]
    """
    # A rate sums up findings that are counted already.
    findings = findings[~findings["rule"].str.endswith("_rate")]
    counts = findings.groupby(["severity", "rule"]).size().reset_index(name="findings")
    counts["finding"] = [_label(rule) for rule in counts["rule"]]
    counts["order"] = counts["severity"].map({name: at for at, name in enumerate(SEVERITIES)})
    counts = counts.sort_values(
        ["order", "findings", "finding"], ascending=[True, False, True], ignore_index=True
    )
    return counts[["severity", "finding", "findings"]]


def exceptions(findings: pd.DataFrame, *, most: int = 500) -> pd.DataFrame:
    """The findings that move a figure, each with its place, for the council's own eyes.

    findings  as `intake.findings` logs them
    most      how many of them at the most; internal/exceptions.csv has them all
    returns   source_file, source_line (text, blank where none), column, value, finding (in
              words), action
    """
    shown = findings[findings["severity"] != "cosmetic"].head(most)
    lines = ["" if pd.isna(line) else str(int(line)) for line in shown["source_line"]]
    return pd.DataFrame(
        {
            "source_file": shown["source_file"].to_numpy(),
            "source_line": lines,
            "column": shown["column"].to_numpy(),
            "value": shown["value"].to_numpy(),
            "finding": [_label(rule) for rule in shown["rule"]],
            "action": shown["action"].to_numpy(),
        },
        dtype=object,
    )


def _label(rule: str) -> str:
    if rule.endswith("_rate") and rule.startswith("postcode_"):
        return f"A share of postcodes {_RATE_LABELS[rule.removesuffix('_rate')]}"
    if rule.startswith("date_"):
        return f"Dates not as dd/mm/yyyy ({rule.removeprefix('date_').replace('_', ' ')})"
    return RULE_LABELS.get(rule, rule)


def locations_known(episodes: pd.DataFrame) -> pd.DataFrame:
    """How many episodes have a postcode that can be placed on the map.

    episodes  home_postcode_status and placement_postcode_status
    returns   end (Home, Placement), found, blank, other (given, but not in the directory or
              off the grid), episodes, found_pct (of all)
    """
    rows = []
    for end in ("home", "placement"):
        status = episodes[f"{end}_postcode_status"]
        found, blank = int((status == "found").sum()), int((status == "blank").sum())
        rows.append((end.capitalize(), found, blank, len(status) - found - blank, len(status)))
    frame = pd.DataFrame(rows, columns=["end", "found", "blank", "other", "episodes"])
    return frame.assign(found_pct=percentage(frame["found"], frame["episodes"]))
