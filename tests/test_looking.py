"""A frame that is looked at: its words, its definition, and what stays as pandas has it."""

from __future__ import annotations

import atexit
import inspect
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from types import ModuleType

import numpy as np
import pandas as pd
import pytest
from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

import sufficiency_lib
from sufficiency_lib import explore, fields
from sufficiency_lib.errors import ConfigurationError
from sufficiency_lib.explore.completing import own_names, untidy_modules
from sufficiency_lib.explore.looking import BLANK, is_known, table_of
from sufficiency_lib.metrics import locality
from sufficiency_lib.publish.specs import SPECS


def near() -> pd.DataFrame:
    return pd.DataFrame({
        "rule": ["home_20_miles", "home_20_miles"], "cohort": ["all", "secure"],
        "children": [1234, 0], "within": [1000, 0], "beyond": [200, 0], "not_known": [34, 0],
        "rate_pct": [81.0, np.nan], "rate_of_known_pct": [83.3, np.nan],
    })


def test_labels_units_codes_and_definition():
    frame = near()
    html = explore.look(frame)._repr_html_()
    assert "<caption>Children placed locally</caption>" in html
    assert SPECS["locality"].note in html
    assert '<th scope="row">Within 20 miles of the child&#39;s home</th>' in html
    assert "Secure children&#39;s homes" in html
    assert '<td class="n">1,234</td>' in html and '<td class="n">81.0%</td>' in html
    assert f'<td class="n">{BLANK}</td>' in html and "nothing to divide by" in html
    heading = '>Of all<span class="small"><code>rate_pct</code></span></th>'
    assert heading in html
    assert fields.FIELDS["rate_pct"].description.split("<")[0][:20] in html
    pd.testing.assert_frame_equal(frame, near())


def test_a_unit_that_the_cells_do_not_show_is_in_the_heading():
    html = explore.look(pd.DataFrame({"median_miles": [12.8], "rate_per_10000": [93.0]}))
    said = html._repr_html_()
    assert "<code>median_miles</code> (miles)" in said
    assert "<code>rate_per_10000</code> (per 10,000)" in said
    assert html.title == "A table of 1 row"


def test_a_figure_whose_unit_stands_in_its_row_is_in_that_unit():
    columns = dict.fromkeys((*SPECS["headline"].keys, "numerator", "denominator", "value"))
    rows = [{**columns, "unit": unit, "value": value}
            for unit, value in (("%", 84.0), ("children", 320.0))]
    html = explore.look(pd.DataFrame(rows), "headline")._repr_html_()
    assert ">84.0%<" in html and ">320<" in html


def test_numbers_stand_on_the_right_however_they_are_kept():
    mixed = pd.DataFrame({"value": pd.Series([1, 2.5, None], dtype=object), "unit": ["%"] * 3})
    html = explore.look(mixed)._repr_html_()
    assert '<td class="n">2.5</td>' in html and "<td>%</td>" in html
    # The unit of a count is its name: it is not said twice.
    counts = explore.look(pd.DataFrame({"children": [3]}))._repr_html_()
    assert "<code>children</code></span>" in counts


def test_children_behind_a_count_are_named_as_such():
    frame = pd.DataFrame({"starts": [9], "base_starts": [7]})
    assert "Children behind: " in explore.look(frame)._repr_html_()
    assert is_known(frame)


def test_the_definition_may_be_that_of_a_measure():
    looked = explore.look(near(), locality.locality)
    assert looked.title.startswith("Children placed locally on a day, under each named rule")
    assert explore.look(near(), "locality").note == SPECS["locality"].note
    with pytest.raises(ConfigurationError, match="'localty' is not a table we know; leave it out"):
        explore.look(near(), "localty")


@pytest.mark.parametrize("name", sorted(SPECS))
def test_a_table_is_known_by_its_columns_or_not_at_all(name):
    spec = SPECS[name]
    columns = list(dict.fromkeys((*spec.keys, *spec.counts, *spec.derived)))
    alike = [one.id for one in SPECS.values()
             if {*one.keys, *one.counts, *one.derived} == set(columns)]
    found = table_of(pd.DataFrame(columns=[*columns, "base_children"]))
    assert found is (spec if alike == [name] else None)


def test_a_long_frame_is_cut_and_says_so():
    frame = pd.DataFrame({"children": range(100)})
    html = explore.look(frame, rows=3)._repr_html_()
    assert html.count("<tr>") == 4 and "3 of 100 rows" in html
    assert "There are no rows." in explore.look(near()[:0])._repr_html_()


def test_text_is_escaped_and_a_named_index_is_shown():
    frame = pd.DataFrame({"placement_authority": ["<b>"]}, index=pd.Index(["x"], name="cohort"))
    html = explore.look(frame)._repr_html_()
    assert "&lt;b&gt;" in html and "<b>" not in html
    assert "<code>cohort</code>" in html


@pytest.mark.parametrize("columns", [
    ["children", "children"], pd.MultiIndex.from_tuples([("children", "a"), ("children", "b")]),
    [2024, 2025],
])
def test_a_frame_that_is_not_tidy_is_shown_as_pandas_does(columns):
    frame = pd.DataFrame([[1, 2]], columns=columns)
    assert explore.look(frame)._repr_html_() == frame._repr_html_()
    assert not is_known(frame)


def test_printing_is_as_pandas_prints():
    assert repr(explore.look(near())) == repr(near())


# --- the extension ---------------------------------------------------------------------------


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[InteractiveShell]:
    """A shell without history, in a folder of its own; nothing of it stays."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    quiet = Config({"HistoryManager": {"enabled": False}})
    made = InteractiveShell(ipython_dir=str(tmp_path), config=quiet)
    yield made
    made.atexit_operations()
    atexit.unregister(made.atexit_operations)
    untidy_modules()


def html(shell: InteractiveShell, frame: pd.DataFrame) -> str:
    return shell.display_formatter.format(frame)[0]["text/html"]


def listed(shell: InteractiveShell, text: str) -> set[str]:
    with provisionalcompleter():
        return {one.text.lstrip(".") for one in shell.Completer.completions(text, len(text))}


def test_the_extension_shows_known_frames_and_leaves_the_others(shell):
    strange = pd.DataFrame({"number_of_homes": [1]})
    before = html(shell, near())
    shell.run_line_magic("load_ext", "sufficiency_lib.explore")
    assert "Children placed locally" in html(shell, near())
    assert html(shell, strange) == strange._repr_html_()
    assert shell.display_formatter.format(near())[0]["text/plain"] == repr(near())
    shell.run_line_magic("unload_ext", "sufficiency_lib.explore")
    assert html(shell, near()) == before


@pytest.mark.parametrize("use_jedi", [True, False])
def test_tab_lists_what_a_module_itself_defines(shell, use_jedi):
    shell.Completer.use_jedi = use_jedi
    shell.run_cell("from sufficiency_lib.metrics import locality")
    assert "pd" in listed(shell, "locality.")
    shell.run_line_magic("load_ext", "sufficiency_lib.explore")
    wanted = {"locality", "locality_by", "locality_trend", "is_within", "in_cohort", "COHORTS"}
    found = listed(shell, "locality.")
    assert wanted <= found and not found & {"pd", "np", "annotations", "on_date", "Mapping"}
    shell.run_line_magic("unload_ext", "sufficiency_lib.explore")
    assert "pd" in listed(shell, "locality.")


def test_a_module_that_a_later_cell_loads_is_tidy_too(shell, monkeypatch):
    made = ModuleType("sufficiency_lib.made")
    made.pd, made.__all__ = pd, ["measure"]
    shell.run_line_magic("load_ext", "sufficiency_lib.explore")
    monkeypatch.setitem(sys.modules, made.__name__, made)
    assert "pd" in dir(made)
    shell.run_cell("pass")
    assert dir(made) == ["measure"]


def test_a_module_without_a_source_hides_nothing():
    made = ModuleType("sufficiency_lib.made")
    made.pd, made._own = pd, 1
    assert own_names(made) == ["pd"]


def modules() -> list[str]:
    return [one.name for one in walk_packages(sufficiency_lib.__path__, "sufficiency_lib.")
            if not one.name.endswith(("__main__", ".warm"))]


@pytest.mark.parametrize("name", modules())
def test_the_names_of_every_module_are_there_and_its_own(name):
    """What Tab would list: each is there, and a function or class is of this library."""
    module = import_module(name)
    for one in own_names(module):
        value = getattr(module, one)
        assert getattr(value, "__module__", name).startswith("sufficiency_lib") or (
            not inspect.isfunction(value) and not inspect.isclass(value)), one
        if "__all__" not in vars(module) and inspect.isfunction(value):
            assert inspect.unwrap(value).__module__ == name, one
