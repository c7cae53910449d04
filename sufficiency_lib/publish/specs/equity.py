"""The tables that compare groups of children."""

from __future__ import annotations

from collections.abc import Mapping

from sufficiency_lib.publish.specs.spec import TableSpec

#: Column → code → how it reads.
LABELS: Mapping[str, Mapping[str, str]] = {}

SPECS: tuple[TableSpec, ...] = ()
