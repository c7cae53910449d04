"""The ledger laid over the history: which nights of which placement are paid for, and at what.

The history says where a child lived, the ledger what was paid. They meet by child and dates.
A night that several rows pay for costs all of them and is one night; a night that no row pays
for has no price, and is never left out of what it is counted among.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from sufficiency_lib.codes import placement_group
from sufficiency_lib.metrics.amounts import in_unit
from sufficiency_lib.metrics.pairs import CONTRACTS, PAIR, cohort_of, side_of
from sufficiency_lib.metrics.stock import on_date, open_between
from sufficiency_lib.metrics.tally import By, as_objects

#: What tells one kind of placement from another in a table of costs.
PLACED = ("cohort", "provider_side")

#: Whose fostering (U4 to U6) it is → how a profile calls it.
_FOSTERING = {"fostering/own": "fostering_in_house", "fostering/independent": "fostering_ifa"}

#: Later than any day of a return: the end of what goes on.
_OPEN = pd.Timestamp(2262, 1, 1)


def paid_stays(episodes: pd.DataFrame, ledger: pd.DataFrame, *, by: By = ()) -> pd.DataFrame:
    """The stretches of each episode that a row of the ledger pays for.

    episodes  the repaired history; short breaks are left out
    ledger    child_id, start_date, end_date (NaT while it goes on; that night is not paid for),
              place_code, contract, cost_gbp_per_week
    returns   by, child_id, cohort, provider_side (of the history), contract (not_known where
              blank), cost_gbp_per_week, decom and dec (NaT while both go on) of the stretch;
              alone_from, the first day that no earlier row pays for, so that from it to dec
              every paid night is there once; is_elsewhere, whether the ledger says another
              placement group than the history

    Raises InputError where the amounts are not weekly (see `amounts.in_unit`).
    """
    keys = [*by, "child_id"]
    lasting = ~episodes["is_short_break"].astype(bool)
    stays = episodes.loc[lasting, [*keys, *PAIR, "decom", "dec"]]
    stays = stays.reset_index(drop=True).rename_axis("episode").reset_index()
    both = as_objects(stays, keys).merge(as_objects(_rows(ledger, keys), keys), on=keys)
    begun = both[["decom", "start_date"]].max(axis=1)
    ended = both[["dec", "end_date"]].fillna(_OPEN).min(axis=1)
    both = both.assign(decom=begun, dec=ended)[begun < ended]
    both = both.sort_values(["episode", "decom", "dec"], kind="stable", ignore_index=True)
    paid_to = both.groupby("episode")["dec"].cummax().groupby(both["episode"]).shift()
    said = both["place_code"].astype(object)
    group = said.map({code: placement_group(code) for code in said.unique()
                      if isinstance(code, str)}).astype(object).fillna("other")
    return both.assign(
        cohort=cohort_of(both), provider_side=side_of(both["provider"]),
        alone_from=both["decom"].where(~(paid_to > both["decom"]), paid_to),
        dec=both["dec"].where(both["dec"] < _OPEN),
        is_elsewhere=group != both["placement_group"].astype(object),
    )[[*keys, *PLACED, "contract", "cost_gbp_per_week", "decom", "dec", "alone_from",
       "is_elsewhere"]]


def _rows(ledger: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """The rows of the ledger that say a price."""
    weekly = [name for name in ledger if str(name).startswith("cost")]
    cost = in_unit(ledger[weekly[0]] if weekly else pd.Series(name="cost"), "gbp_per_week")
    contract = ledger["contract"].astype(object)
    rows = ledger[[*keys, "start_date", "end_date", "place_code"]].assign(
        cost_gbp_per_week=cost.astype("float64"),
        contract=contract.where(contract.isin(CONTRACTS), "not_known"),
    )
    return rows[rows["cost_gbp_per_week"].notna()]


def lived(episodes: pd.DataFrame, *, by: By = ()) -> pd.DataFrame:
    """The episodes without short breaks: by, child_id, cohort, provider_side, decom, dec."""
    lasting = episodes.loc[~episodes["is_short_break"].astype(bool),
                           [*by, "child_id", *PAIR, "decom", "dec"]]
    return lasting.assign(cohort=cohort_of(lasting), provider_side=side_of(lasting["provider"]))


def priced_on(
    episodes: pd.DataFrame,
    ledger: pd.DataFrame,
    as_at: object,
    *,
    columns: Sequence[str] = (),
    by: By = (),
) -> pd.DataFrame:
    """Every child looked after on a day, with what the ledger pays for the placement.

    columns  of the history, to give besides (distance_band: as DfE has it that day)
    returns  by, child_id, cohort, provider_side, the columns, cost_gbp_per_week (of all rows
             that pay that day; NaN where none does), contract (of the dearest; not_known)
    """
    day, keys = pd.Timestamp(as_at), [*by, "child_id"]
    stock = on_date(episodes, day, columns=[*keys, *PAIR, *columns])
    stock = stock.assign(cohort=cohort_of(stock), provider_side=side_of(stock["provider"]))
    spans = pd.DataFrame({"decom": ledger["start_date"], "dec": ledger["end_date"]})
    # A stretch goes on that day where its episode and its row both do: no others need meet.
    stays = paid_stays(
        episodes[open_between(episodes, day, day)], ledger[open_between(spans, day, day)], by=by
    )
    dearest = stays.sort_values("cost_gbp_per_week", ascending=False, kind="stable")
    weekly = dearest.groupby(keys, sort=False).agg(
        cost_gbp_per_week=("cost_gbp_per_week", "sum"), contract=("contract", "first")
    )
    kept = stock[list(dict.fromkeys([*keys, *PLACED, *columns]))]
    found = as_objects(kept, keys).merge(weekly.reset_index(), on=keys, how="left")
    return found.assign(contract=found["contract"].astype(object).fillna("not_known"))


def from_unit_costs(
    episodes: pd.DataFrame, unit_costs: Mapping[str, float], *, by: By = ()
) -> pd.DataFrame:
    """A ledger in which every episode is paid for at the unit cost of its kind of placement.

    It stands in for one where there is none. What only a ledger tells, as contracts, dearest
    placements or a change of price, it does not say.

    episodes    the repaired history: child_id, placement_group, provider, decom, dec
    unit_costs  '<placement group>/<side>', fostering_in_house, fostering_ifa or placement group
                → pounds a week; of several that fit, the first of these stands
    returns     by, child_id, start_date, end_date (NaT while it goes on), place_code and
                contract (both blank: no contract is known) and cost_gbp_per_week; an episode
                that has no unit cost has no row. The same price stands in every year.

    >>> stays = pd.DataFrame({"child_id": ["a", "b"], "placement_group": ["fostering", "secure"],
    ...     "provider": ["own", "own"], "decom": pd.to_datetime(["2024-05-01"] * 2),
    ...     "dec": pd.to_datetime([None, None])})
    >>> from_unit_costs(stays, {"fostering": 800, "fostering_in_house": 550})[
    ...     ["child_id", "cost_gbp_per_week"]].to_numpy().tolist()
    [['a', 550.0]]
    """
    stays = episodes[[*by, "child_id", *PAIR, "decom", "dec"]]
    group = stays["placement_group"].astype(object).fillna("")
    state = group + "/" + side_of(stays["provider"]).astype(object)
    prices = dict(unit_costs)
    weekly = pd.Series(float("nan"), index=stays.index, dtype="float64")
    for names in (state, state.map(_FOSTERING), group):
        weekly = weekly.fillna(names.map(prices).astype("float64"))
    rows = stays.rename(columns={"decom": "start_date", "dec": "end_date"}).drop(columns=list(PAIR))
    blank = pd.Series([None] * len(rows), index=rows.index, dtype=object)
    rows = rows.assign(place_code=blank, contract=blank, cost_gbp_per_week=weekly)
    return rows[weekly.notna()].reset_index(drop=True)
