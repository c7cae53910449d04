"""Brothers and sisters looked after at the same time, and whether they live together."""

from __future__ import annotations

import pandas as pd

from sufficiency_lib.metrics.stock import iso, on_date, percentage
from sufficiency_lib.metrics.tally import By, all_levels, areas_of, with_counts
from sufficiency_lib.metrics.unregistered import has_urn

GROUP_SIZES = ("2", "3", "4_and_over", "all")
TOGETHER = ("with_all", "with_some", "with_none", "not_known")


def siblings(
    episodes: pd.DataFrame, circumstances: pd.DataFrame, as_at: object, *, by: By = ()
) -> pd.DataFrame:
    """Children looked after with brothers or sisters, and how many of those they live with.

    episodes       the repaired history with placement_postcode, provider_code and urn
    circumstances  child_id, sibling_group_id (blank: none looked after, or not known)
    returns        as_at, sibling_group_size (2, 3, 4_and_over, all), children, with_all,
                   with_some, with_none, not_known, with_all_pct (of children). All are
                   children: how many families there are would give hidden ones away.

    A group is the children looked after on the day who share an id; one alone is in none. Two
    are together when their placements have the same postcode and provider, and the same URN
    where both give one. A child without a placement postcode, or with a brother or sister
    without one on whom the answer turns, is not_known, and stays in the base of the share. No
    rows without a sibling_group_id.

    Source: Children Act 1989, section 22C(8)(c): siblings together, as far as practicable.
    """
    day = pd.Timestamp(as_at)
    ids = circumstances.loc[circumstances["sibling_group_id"].notna(),
                            [*by, "child_id", "sibling_group_id"]]
    columns = ["placement_postcode", "provider_code", "urn", "decom", "dec", "is_short_break"]
    stock = on_date(episodes[[*by, "child_id", *columns]], day)
    stock = stock.drop_duplicates([*by, "child_id"])
    members = stock.merge(ids.drop_duplicates([*by, "child_id"]), on=[*by, "child_id"])
    members = _together(members, [*by, "sibling_group_id"])
    members = members[members["size"] > 1].assign(as_at=iso(day))
    size = members["size"].astype(int)
    exact = members.assign(sibling_group_size=size.astype(str).where(size < 4, "4_and_over"))
    rows = pd.concat([exact, exact.assign(sibling_group_size="all")])
    return _table(rows, areas_of(ids if by else episodes, by), len(ids) > 0, iso(day), by)


def _table(
    rows: pd.DataFrame, areas: pd.DataFrame, given: bool, day: str, by: By
) -> pd.DataFrame:
    """The published rows; none where no sibling_group_id is given."""
    levels = {"as_at": [day], "sibling_group_size": GROUP_SIZES}
    frame = areas.merge(all_levels(levels), how="cross")
    keys = [*by, "as_at", "sibling_group_size"]
    frame = with_counts(frame, rows, keys)
    for said in TOGETHER:
        frame = with_counts(frame, rows[rows["together"] == said], keys, name=said)
    frame["with_all_pct"] = percentage(frame["with_all"], frame["children"])
    return frame if given else frame[:0]


def _together(members: pd.DataFrame, group: list[str]) -> pd.DataFrame:
    """Each child's number of siblings (with itself) as `size`, and `together`."""
    members = members.assign(home=_home(members, group))
    known = members["home"].notna()
    in_group = members.groupby(group, observed=True)
    size, known_size = in_group["home"].transform("size"), in_group["home"].transform("count")
    same = members.groupby([*group, "home"], observed=True)["child_id"].transform("size")
    some_unknown = known_size < size
    said = pd.Series("with_some", index=members.index, dtype=object)
    said[known & (same == size)] = "with_all"
    said[known & (same == 1) & ~some_unknown] = "with_none"
    # With nobody yet, or with all who can be placed: it turns on those who cannot.
    said[some_unknown & ((same == 1) | (same == known_size))] = "not_known"
    said[~known] = "not_known"
    return members.assign(size=size, together=said)


def _home(members: pd.DataFrame, group: list[str]) -> pd.Series:
    """What two children in one home share; missing without a postcode.

    A blank URN is that of the group's others at the same postcode and provider, if they have
    only one.
    """
    postcode = members["placement_postcode"].astype(object).map(_plain)
    urn = members["urn"].astype(object).map(_plain)
    urn = urn.where(has_urn(urn), None)
    provider = members["provider_code"].astype(object).map(_plain).fillna("")
    place = members[group].assign(postcode=postcode, provider=provider, urn=urn)
    at = place.groupby([*group, "postcode", "provider"], observed=True)["urn"]
    only = at.transform("first").where(at.transform("nunique") == 1)
    urn = urn.where(urn.notna(), only).fillna("").astype(object)
    home = postcode.fillna("") + "|" + provider + "|" + urn
    return home.astype(object).where(postcode.notna() & (postcode != ""), None)


def _plain(value: object) -> str | None:
    """Text without spaces, in capitals; None for none."""
    return None if pd.isna(value) else "".join(str(value).split()).upper()
