"""The widgets of `00_explore`: four menus, and the panel that answers them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from html import escape
from types import ModuleType
from typing import Any

from sufficiency_lib import dataset, store
from sufficiency_lib.errors import SufficiencyError
from sufficiency_lib.explore.panel import Panel, show
from sufficiency_lib.intake.folders import find_authority, list_authorities
from sufficiency_lib.metrics.locality import COHORTS
from sufficiency_lib.publish.wording import Words, long_date
from sufficiency_lib.settings import RunParameters

HOW_TO_GET_WIDGETS = (
    "To choose from menus instead of changing the parameters cell, install ipywidgets "
    "(python -m pip install ipywidgets) and restart the notebook."
)

Loader = Callable[[RunParameters], Any]


def explorer(
    parameters: RunParameters, cohort: str = "all", *, load: Loader = dataset.load
) -> Explorer | Panel:
    """Menus of authority, day, cohort and rule over the tables and the map that answer them.

    parameters  what is shown first (see `settings.RunParameters`); its audience is that of all
    cohort      as in `explore.tables`
    load        gives the dataset of some parameters; each is asked for once

    Where ipywidgets is not installed: the panel of the parameters, under a sentence that says
    how to get menus. Both have `.study` and `.tables`, for the cells that come after. Raises
    ConfigurationError and InputError as `dataset.load` does; what a menu then asks for is
    answered in the panel, by a sentence where it cannot be had.
    """
    widgets = _ipywidgets()
    if widgets is None:
        return replace(show(load(parameters), cohort), note=HOW_TO_GET_WIDGETS)
    return Explorer(widgets, parameters, cohort, load)


def _ipywidgets() -> ModuleType | None:
    """The package, or None: it is no part of what a run needs."""
    try:
        import ipywidgets
    except ImportError:
        return None
    return ipywidgets


class Explorer:
    """The menus and their panel.

    authority, day, cohort, rule  the menus
    answer                        the HTML under them
    panel                         what it shows: its `.study` and `.tables` are to work on with
    """

    def __init__(
        self, widgets: ModuleType, parameters: RunParameters, cohort: str, load: Loader
    ) -> None:
        self._parameters, self._load = parameters, load
        self._known: dict[tuple[str, date | None], Any] = {}
        self._is_filling = False
        style = {"description_width": "5.5em"}
        wide = widgets.Layout(width="34em", max_width="100%")
        self.authority, self.day, self.cohort, self.rule = (
            widgets.Dropdown(description=name, style=style, layout=wide)
            for name in ("Authority", "On", "Cohort", "Local is")
        )
        self.answer = widgets.HTML()
        self.box = widgets.VBox([self.authority, self.day, self.cohort, self.rule, self.answer])
        self.panel = self._begin(cohort)
        self._tell(self.panel)
        self.authority.observe(self._on_authority, "value")
        for menu in (self.day, self.cohort, self.rule):
            menu.observe(self._on_choice, "value")

    @property
    def study(self) -> Any:
        """The dataset that is shown, with the chosen rule in force."""
        return self.panel.study

    @property
    def tables(self) -> Any:
        """The frames that are shown."""
        return self.panel.tables

    def _repr_mimebundle_(self, **about: Any) -> Any:
        return self.box._repr_mimebundle_(**about)

    def _begin(self, cohort: str) -> Panel:
        """Fill the menus for the parameters; what is wrong with these is an error."""
        told = self._parameters
        first = self._load(told)
        if told.locality_rule is None:
            self._keep(told.authority, told.as_at, first)
        panel = show(first, cohort)
        _fill(self.authority, _authorities(told), told.authority)
        _fill(self.cohort, [(Words().cell("cohort", one), one) for one in COHORTS], cohort)
        self._fill_for(first.as_at, first.locality_rule)
        return panel

    def _fill_for(self, day: date | None, rule: str | None) -> None:
        """Fill the menus of days and rules with those of the chosen authority.

        What was chosen before stays where the authority has it.
        """
        study = self._of(self.authority.value, None)
        days = set(study.days)
        if self.authority.value == self._parameters.authority and self._parameters.as_at:
            days.add(self._parameters.as_at)
        own, words = study.profile.locality.rule, Words(study.profile.locality)
        rules = [
            (words.cell("rule", one) + (", its own rule" if one == own else ""), one)
            for one in study.rules
        ]
        newest_first = sorted(days, reverse=True)
        _fill(self.day, [(long_date(one), one) for one in newest_first], day, study.as_at)
        _fill(self.rule, rules, rule, study.locality_rule)

    def _of(self, authority: str, day: date | None) -> Any:
        """The dataset of an authority on a day, read once."""
        if (authority, day) not in self._known:
            told = {"authority": authority, "as_at": day, "locality_rule": None}
            self._keep(authority, day, self._load(self._parameters.model_copy(update=told)))
        return self._known[authority, day]

    def _keep(self, authority: str, day: date | None, study: Any) -> None:
        """Keep a dataset under the day that was asked for, and under its own."""
        self._known[authority, day] = self._known[authority, study.as_at] = study

    def _on_authority(self, _: Any) -> None:
        self._say(f"Reading {self.authority.label} …")
        try:
            with self._filling():
                self._fill_for(self.day.value, self.rule.value)
        except SufficiencyError as error:
            self._say(str(error))
            return
        self._on_choice(None)

    def _on_choice(self, _: Any) -> None:
        if self._is_filling:
            return
        try:
            study = self._of(self.authority.value, self.day.value)
            self.panel = show(study, self.cohort.value, self.rule.value)
        except SufficiencyError as error:
            self._say(str(error))
            return
        self._tell(self.panel)

    def _tell(self, panel: Panel) -> None:
        self.answer.value = panel._repr_html_()

    def _say(self, sentence: str) -> None:
        self.answer.value = f'<p role="status">{escape(sentence)}</p>'

    @contextmanager
    def _filling(self) -> Iterator[None]:
        """Menus that are being filled ask for nothing."""
        self._is_filling = True
        try:
            yield
        finally:
            self._is_filling = False


def _authorities(parameters: RunParameters) -> list[tuple[str, str]]:
    """The names of the authorities of the data folder, each with what it is asked for by."""
    data = parameters.data or store.sample_data()
    home = find_authority(parameters.authority, data)
    found = {one.folder: (one.name, one.folder.name) for one in list_authorities(data)}
    # The one of the parameters goes by what they call it, which may say more than its folder.
    return sorted((found | {home.folder: (home.name, parameters.authority)}).values())


def _fill(
    menu: Any, options: list[tuple[str, Any]], chosen: Any, otherwise: Any = None
) -> None:
    """Give a menu its options, and choose one that it has."""
    menu.options = options
    menu.value = chosen if chosen in dict(options).values() else otherwise
