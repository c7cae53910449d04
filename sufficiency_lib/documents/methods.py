"""The methods page: what each step and measure does, from its own documentation."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator, Mapping, Sequence
from types import ModuleType

from sufficiency_lib import metrics
from sufficiency_lib.documents.examples import MADE_BY, Example, rendered
from sufficiency_lib.documents.measured import TITLE, measured

#: The rooms of the methods page, in the order in which a reader needs them.
BEFORE: tuple[str, ...] = (
    "sufficiency_lib.intake.voronoi",
    "sufficiency_lib.cleaning.repair",
    "sufficiency_lib.cleaning.children",
    "sufficiency_lib.cleaning.records",
    "sufficiency_lib.cleaning.derive",
    "sufficiency_lib.cleaning.distance",
    "sufficiency_lib.cleaning.coverage",
    "sufficiency_lib.cleaning.pooled",
)
#: The measures in the order of the appendix; one not named here comes after them by name.
MEASURES: tuple[str, ...] = (
    "stock", "tally", "quality", "reconciliation", "population", "characteristics", "flows",
    "duration", "cohorts", "families", "pairs", "provision", "new_placements", "bed_nights",
    "older", "unregistered", "locality", "distances", "places", "stability", "moves", "missing",
    "health", "care_leavers", "adoption", "intervals", "equity", "adjusted",
    "market", "carers", "referrals", "reach", "where_to_add",
    "amounts", "ledger", "costs", "cost_change", "cost_differences", "section_251", "full_costs",
    "invest", "comparators", "headline", "members",
)
#: The forecast: the model and what it is made of, how rates drift, how well that is known.
FORECAST: tuple[str, ...] = tuple(
    f"sufficiency_lib.forecast.{name}"
    for name in (
        "model", "states", "rates", "hazards", "entries", "futures", "run", "refusal", "drift",
        "covariances", "panel_read", "panel_flows", "panel_fit", "panel_forecast",
        "panel_backtest", "levers", "summary", "backtest", "unexpected", "spend", "targets",
    )
)
#: Whether there is enough: need against supply, targets, what comes first, the duty.
JUDGEMENT: tuple[str, ...] = tuple(
    f"sufficiency_lib.judgement.{name}"
    for name in ("gap", "target_progress", "past_changes", "priorities", "duties", "clause")
)
AFTER: tuple[str, ...] = (
    "sufficiency_lib.publish.disclosure",
    "sufficiency_lib.publish.readings",
    "sufficiency_lib.publish.meaning",
    "sufficiency_lib.publish.linked",
    "sufficiency_lib.publish.nested",
    "sufficiency_lib.publish.cover",
    "sufficiency_lib.publish.attack",
    "sufficiency_lib.publish.other_pages",
    "sufficiency_lib.publish.members_pages",
    "sufficiency_lib.publish.plan",
    "sufficiency_lib.publish.edition",
)


def method_modules() -> list[str]:
    """Every module of the methods page, in order.

    >>> method_modules().index("sufficiency_lib.metrics.stock")
    8
    """
    found = [module.name for module in pkgutil.iter_modules(metrics.__path__)]
    rest = sorted(name for name in found if name not in MEASURES)
    measures = [name for name in MEASURES if name in found] + rest
    return [*BEFORE, *(f"{metrics.__name__}.{name}" for name in measures), *FORECAST, *JUDGEMENT,
            *AFTER]


def methods(examples: Mapping[str, Sequence[Example]]) -> str:
    """The methods as Markdown.

    examples  measure (`module.function`) → its worked examples (see `examples`)
    """
    modules = [importlib.import_module(name) for name in method_modules()]
    lines = ["# Methods", "", MADE_BY, ""]
    titles = [_title(module) for module in modules]
    titles.insert(_measured_at(), TITLE)
    lines += [f"- [{title}](#{_anchor(title)})" for title in titles]
    for at, module in enumerate(modules):
        if at == _measured_at():
            lines += ["", *measured()]
        lines += ["", *_about(module)]
        short = module.__name__.rsplit(".", 1)[1]
        for name, text in public_functions(module):
            lines += ["", f"### {name}", "", "```text", text, "```"]
            for example in examples.get(f"{short}.{name}", ()):
                lines += ["", *rendered(example)[:-1]]
    return "\n".join(lines).rstrip() + "\n"


def _measured_at() -> int:
    """Where what was measured stands: after the last module of the forecast."""
    return method_modules().index(FORECAST[-1]) + 1


def _about(module: ModuleType) -> list[str]:
    _, _, rest = (inspect.getdoc(module) or "").partition("\n")
    lines = [f"## {_title(module)}", "", f"`{module.__name__}`"]
    return [*lines, "", rest.strip()] if rest.strip() else lines


def _title(module: ModuleType) -> str:
    return (inspect.getdoc(module) or module.__name__).partition("\n")[0].rstrip(".")


def _anchor(title: str) -> str:
    """A heading's anchor as Markdown readers make it."""
    kept = "".join(c for c in title.lower() if c.isalnum() or c in " -_")
    return kept.replace(" ", "-")


def public_functions(module: ModuleType) -> Iterator[tuple[str, str]]:
    """The functions of a module that others may call, with their documentation."""
    for name, function in vars(module).items():
        own = inspect.isfunction(function) and function.__module__ == module.__name__
        if own and not name.startswith("_") and function.__doc__:
            yield name, inspect.getdoc(function) or ""
