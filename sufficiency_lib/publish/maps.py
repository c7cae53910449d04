"""The maps of one authority, each to be given to `Page.chart` as what draws it.

Drawn from the boundary file and disclosed tables alone: no home, placement or address is known
here. The pages' tables say the same in words and numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from sufficiency_lib.publish import maps_flows, maps_hexagons
from sufficiency_lib.publish.drawing import ChartContext, Drawing
from sufficiency_lib.publish.maps_ground import Ground

#: What stands in the place of a map that cannot be drawn.
ABSENT = (
    "No map is drawn here. A map needs the authority's outline in the reference store, and areas "
    "with enough children whose postcodes are known."
)


@dataclass(frozen=True)
class Atlas:
    """The maps of one authority: `page.chart(id, atlas.drawable(frame), draw=atlas.flows)`."""

    ground: Ground

    @classmethod
    def for_dataset(cls, study: Any) -> Atlas:
        """The maps for a `dataset.Dataset`."""
        return cls(Ground.of(
            study.reference.boundaries, study.codes, study.authority_names,
            name=study.profile.name, rule=study.locality_rule, settings=study.profile.locality,
        ))

    def drawable(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The frame, or none of its rows where no map of it can be drawn."""
        if self.ground.own is None:
            return frame[:0]
        if "placement_authority" in frame and not maps_flows.ends_of(self.ground, frame):
            return frame[:0]
        return frame

    def placements(self, frame: pd.DataFrame, context: ChartContext) -> Drawing:
        """`placements_by_hexagon` where children are placed, with the line of the rule."""
        return maps_hexagons.placements(self.ground, frame, context)

    def homes_and_placements(self, frame: pd.DataFrame, context: ChartContext) -> Drawing:
        """`placements_by_hexagon` as two maps: where children come from and are placed."""
        return maps_hexagons.homes_and_placements(self.ground, frame, context)

    def flows(self, frame: pd.DataFrame, context: ChartContext) -> Drawing:
        """`placement_authorities` as lines to the other authorities."""
        return maps_flows.flows(self.ground, frame, context)
