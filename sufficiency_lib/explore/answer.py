"""What the tables say of one cohort under one rule."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from sufficiency_lib.errors import ConfigurationError
from sufficiency_lib.metrics import areas, distances, locality, places
from sufficiency_lib.publish.page import Page

#: The table that a map is drawn of.
MAPPED = "placements_by_hexagon"

#: Tables that have a row for each cohort, of which the chosen one's and that of all are shown.
_OF_EVERY_COHORT = ("locality", "distance_summary")


def tables(study: Any, cohort: str = "all", rule: str = "") -> dict[str, pd.DataFrame]:
    """The tables of place of one cohort under one rule, as the dataset's audience may see them.

    study    a `dataset.Dataset`; with a public audience, which is the default, each table is
             hidden by itself (see `explore`): what comes back is not for publication
    cohort   one of `metrics.locality.COHORTS`
    rule     one of `study.rules`; blank: the rule in force
    returns  table → frame, with the columns of that table in the appendix: locality and
             distance_summary (the cohort, and all children beside it), locality_trend,
             locality_by_provider, locality_by_age, distance_by_boundary, placement_authorities,
             placements_by_hexagon (the cohort alone)

    Raises ConfigurationError for another cohort, or a rule that cannot be worked out here.
    """
    told = under(study, cohort, rule)
    page = page_of(told)
    shown = {name: page.disclose(name, frame) for name, frame in _frames(told, cohort).items()}
    for name in _OF_EVERY_COHORT:
        # Disclosed as the whole table that it is: a part of it would not say what adds up.
        kept = shown[name]["cohort"].isin(["all", cohort])
        shown[name] = shown[name][kept].reset_index(drop=True)
    return shown


def page_of(study: Any) -> Page:
    """The page of a dataset on the screen: with its gate, and without the plan of an edition."""
    return Page(study.profile, study.parameters, as_at=study.as_at)


def under(study: Any, cohort: str = "all", rule: str = "") -> Any:
    """The same dataset with another rule in force; refuses what it cannot answer.

    Raises ConfigurationError, as `tables` does.
    """
    if cohort not in locality.COHORTS:
        raise ConfigurationError(
            f"'{cohort}' is not a cohort; expected one of {', '.join(locality.COHORTS)}."
        )
    if not rule or rule == study.locality_rule:
        return study
    if rule not in study.rules:
        raise ConfigurationError(
            f"The locality rule '{rule}' cannot be worked out for {study.profile.name}; expected "
            f"one of {', '.join(study.rules)}."
        )
    return replace(study, parameters=study.parameters.model_copy(update={"locality_rule": rule}))


def _frames(study: Any, cohort: str) -> dict[str, pd.DataFrame]:
    """The frames before the gate: the same measures that the notebooks of the report call."""
    day, told = study.as_at, study.locality_in_force
    theirs = study.episodes[locality.in_cohort(study.episodes, cohort)]
    cut = {
        f"locality_by_{name}": locality.locality_by(theirs, day, dimension=dimension, **told)
        for name, dimension in (("provider", "provider_group"), ("age", "age_group"))
    }
    fewest = study.fewest_shown
    return {
        "locality": locality.locality(study.episodes, day, **told),
        "locality_trend": locality.locality_trend(theirs, study.days, **told),
        **cut,
        "distance_summary": distances.distance_summary(study.episodes, day),
        "distance_by_boundary": distances.distance_by_boundary(theirs, day),
        "placement_authorities": places.placement_authorities(
            theirs, day, study.authority_names, fewest=fewest),
        MAPPED: areas.placements_by_hexagon(theirs, day, fewest=fewest),
    }
