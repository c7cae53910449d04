"""What the counts of the judgement's tables count.

Of `target_progress` nothing is said: its figures are taken from tables that are shown, with what
they hide, as those of the headline are.
"""

from __future__ import annotations

from collections.abc import Mapping

from sufficiency_lib.publish import readings as said
from sufficiency_lib.publish.readings import Meaning

JUDGEMENT: Mapping[str, Meaning] = {
    # Whatever the supply it is set against, need rests on the same children.
    "sufficiency_gap": Meaning(
        "looked after", "", {"placement_group": said.local_cohort}, {"children_today": {}}
    ),
}
