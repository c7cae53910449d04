"""The tables of the duty, clause by clause, and of how much of it is answered."""

from __future__ import annotations

from collections.abc import Mapping

from sufficiency_lib.publish.specs.spec import TableSpec

#: Source → the title of its part of the table.
TITLES: Mapping[str, str] = {
    "children_act": "What the Children Act 1989 asks, and the figure that answers it",
    "guidance_4_7": "What the guidance asks of a needs assessment, and the figure that answers it",
    "box_1": "What sufficiency looks like (Box 1), and the figure that answers it",
    "box_2": "What is reasonably practicable (Box 2), and the figure that answers it",
    "lga": "What the Local Government Association asks, and the figure that answers it",
}

#: Column → code → how it reads.
LABELS: Mapping[str, Mapping[str, str]] = {
    "source": {
        "children_act": "Children Act 1989, sections 22C and 22G",
        "guidance_4_7": "Statutory guidance, 4.7 and beside it",
        "box_1": "Statutory guidance, Box 1: what sufficiency looks like",
        "box_2": "Statutory guidance, Box 2: what is reasonably practicable",
        "lga": "Local Government Association, resource pack",
    },
    "evidenced": {"yes": "Yes", "in_part": "In part", "no": "No"},
}

SPECS: tuple[TableSpec, ...] = (
    TableSpec(
        id="duties",
        title="The duty, clause by clause, and the figure that answers it",
        note="Clauses are in plain words, not their own. Yes: the figures answer the clause, "
        "whatever the answer is. In part: they answer some of it. No: no figure here does. What "
        "is open stands under it, with the data that would tell. Each figure is of the table it "
        "names, which has its date and definition; a suppressed one is there and is not shown.",
        keys=("source", "clause", "asks", "evidenced"),
        derived={"value": ()},
        counts_when={"value": ("unit", ("children", "young people", "searches"))},
        row_unit=("value",),
        under={"would_show": "evidenced", "rule": "measure", "stands_in": "value"},
        hide=("source", "unit"),
        labels={"measure": "Figure", "value": "Value, and its table"},
        lift=(),
        band="asks",
        named_by=("source", "clause", "measure"),
        source="tables of this appendix",
    ),
    TableSpec(
        id="duties_coverage",
        title="How much of the duty the figures answer",
        note="Clauses, points and questions, each counted once.",
        keys=("source",),
        derived=dict.fromkeys(("clauses", "answered", "answered_in_part", "not_evidenced"), ()),
        lift=(),
        named_by=("source",),
        source="tables of this appendix",
    ),
)
