"""What the synthetic councils plan, fear, pay and can count on: a part of profile.toml.

Herefordshire's strategy of 2019 aimed at a 90%/10% split of in-house and agency fostering. All
else here is invented to show what a profile can say.
"""

from __future__ import annotations

from collections.abc import Mapping

_HEREFORDSHIRE = """
[publish]
# Spend may be shown: nothing here was ever paid.
costs = true

[[costs.items]]
name = "Supervising social workers and support"
placement_group = "fostering"
gbp_per_week = 110

[[costs.items]]
name = "Recruitment and training"
placement_group = "fostering"
gbp_per_year = 280_000

[[costs.items]]
name = "Contract monitoring"
placement_group = "fostering"
side = "independent"
gbp_per_week = 15

[costs.processes.first_placement]
hours = 30
gbp_per_hour = 48

[costs.processes.review]
gbp_each = 620

[costs.invest_to_save]
one_off_gbp_per_place = 6000

[capacity_places]
fostering_in_house = 150
childrens_home = 27
supported_accommodation = 26

[[scenarios]]
name = "In-house 90/10 by 2028"
in_house = { pct = 90, by = 2028-03-31 }

[[scenarios]]
name = "A tenth fewer come into care"
entries = [{ pct = -10, begins = 2025-04-01, by = 2027-03-31 }]

[[scenarios]]
name = "Four places in an own home"

[[scenarios.new_places]]
state = "childrens_home/own"
places = 4
opens = 2026-04-01
instead_of = ["childrens_home/independent"]
occupancy_pct = 85
"""

_NOTTINGHAM = """
[publish]
# Spend may be shown: nothing here was ever paid.
costs = true

[capacity_places]
fostering_in_house = 170
childrens_home = 72

[[scenarios]]
name = "Half of fostering in-house by 2029"
in_house = { pct = 50, by = 2029-03-31 }

[[scenarios]]
name = "Step-down from children's homes"

[[scenarios.step_down]]
places = ["childrens_home"]
to = "fostering/own"
pct_a_year = 10
begins = 2025-10-01
"""

_BRIGHTON_AND_HOVE = """
[[scenarios]]
name = "A tenth more come into care"
entries = [{ pct = 10, begins = 2025-04-01, by = 2026-03-31 }]
"""

#: ONS code → the parts of profile.toml.
FORECAST_PARTS: Mapping[str, str] = {
    "E06000019": _HEREFORDSHIRE,
    "E06000018": _NOTTINGHAM,
    "E06000043": _BRIGHTON_AND_HOVE,
}
