"""What each synthetic authority is calibrated to: published figures, and plausible filling.

The councils printed Nottingham's mix, Herefordshire's shares within 20 miles and its split of
bed nights, and Brighton & Hove's share near its boundary (see PROVENANCE.md, which the sample
carries); the rest are choices that add up. A mix is the number of children looked after in each
cell (`cells.py`) at 31 March; years between two given ones are interpolated. `near_pct` is the
share of a cell's children who live within the authority's own rule at the last 31 March.
"""

from __future__ import annotations

from dataclasses import dataclass, field

FIRST_YEAR = 2021
LAST_YEAR = 2025


@dataclass(frozen=True)
class PlannedTarget:
    """A target of a synthetic authority, as profile.toml has it; what is blank is left out."""

    metric: str
    value: float
    by: str
    label: str
    rule: str = ""
    baseline: float | None = None
    baseline_on: str = ""
    baseline_rule: str = ""


@dataclass(frozen=True)
class AuthorityPlan:
    """One synthetic authority: who it is, what it is calibrated to, and its local inputs."""

    code: str
    slug: str
    name: str
    dfe_number: int
    rule: str
    centre_name: str
    centre: tuple[int, int]
    mixes: dict[int, dict[str, int]]
    near_pct: dict[str, float]
    near_pct_overall: float | None
    uasc_share: float
    uasc_fit: dict[str, float]
    white_british: float
    short_break_children: int
    children_per_household: float
    population: dict[int, int]
    neighbours: tuple[str, ...]
    targets: tuple[PlannedTarget, ...] = field(default=())

    def mix(self, year: int) -> dict[str, int]:
        """Children in each cell at 31 March of a year, 2020 to 2025."""
        if year in self.mixes:
            return self.mixes[year]
        before = max(y for y in self.mixes if y < year)
        after = min(y for y in self.mixes if y > year)
        share = (year - before) / (after - before)
        first, last = self.mixes[before], self.mixes[after]
        cells = sorted(first.keys() | last.keys())
        return {
            c: round(first.get(c, 0) * (1 - share) + last.get(c, 0) * share) for c in cells
        }


HEREFORDSHIRE = AuthorityPlan(
    code="E06000019",
    slug="herefordshire",
    name="Herefordshire",
    dfe_number=884,
    rule="home_20_miles",
    centre_name="Hereford city centre",
    centre=(351000, 240000),
    mixes={
        2020: dict(
            kinship=36, foster_own=118, foster_ifa=76, foster_other=1, home_ext=20, secure=0,
            supported_own=4, supported_ext=14, school=3, health=1, parent_child=2, yoi=0,
            parents=26, adoption=14, unregistered=1, temporary=1,
        ),
        2023: dict(
            kinship=40, foster_own=113, foster_ifa=82, foster_other=2, home_ext=23, secure=1,
            supported_own=3, supported_ext=15, school=3, health=0, parent_child=2, yoi=1,
            parents=25, adoption=13, unregistered=2, temporary=1,
        ),
        2024: dict(
            kinship=41, foster_own=117, foster_ifa=76, foster_other=2, home_ext=24, secure=1,
            supported_own=2, supported_ext=17, school=3, health=1, parent_child=2, yoi=0,
            parents=25, adoption=14, unregistered=2, temporary=1,
        ),
        2025: dict(
            kinship=42, foster_own=131, foster_ifa=63, foster_other=0, home_ext=24, secure=1,
            supported_own=2, supported_ext=18, school=3, health=1, parent_child=2, yoi=0,
            parents=24, adoption=14, unregistered=3, temporary=2,
        ),
    },
    near_pct=dict(
        kinship=88, foster_own=92.5, foster_ifa=64, foster_other=50, home_ext=30, secure=0,
        supported_own=100, supported_ext=70, school=33, health=100, parent_child=50, yoi=0,
        parents=95, adoption=45, unregistered=33, temporary=100,
    ),
    near_pct_overall=None,
    uasc_share=0.13,
    uasc_fit=dict(foster_own=0.05, foster_ifa=0.1, supported_ext=12, supported_own=4),
    white_british=0.88,
    short_break_children=12,
    children_per_household=1.2,
    population={2020: 35500, 2021: 35400, 2022: 35300, 2023: 35300, 2024: 35300},
    neighbours=(
        "E06000064", "E10000028", "E10000019", "E06000051", "E06000066",
        "E10000017", "E10000029", "E06000011", "E06000065", "E10000007",
    ),
    # The aims and baselines of its strategy of 2019, with a later day. The last has a baseline
    # of another definition than its target, as the strategy printed it.
    targets=(
        PlannedTarget(
            "fostering_within_rule_pct", 90.0, "2028-03-31",
            "90% of fostered children within 20 miles of home",
            baseline=84.0, baseline_on="2018-03-31",
        ),
        PlannedTarget(
            "in_house_bed_nights_pct", 90.0, "2028-03-31",
            "A 90%/10% split of in-house and IFA fostering bed nights",
            baseline_on="2021-03-31",
        ),
        PlannedTarget(
            "childrens_home_within_rule_pct", 60.0, "2028-03-31",
            "60% of children's home placements in county or within 10 miles of its border",
            rule="border_10_miles",
            baseline=30.0, baseline_on="2018-03-31", baseline_rule="home_20_miles",
        ),
    ),
)  # fmt: skip

NOTTINGHAM = AuthorityPlan(
    code="E06000018",
    slug="nottingham",
    name="Nottingham",
    dfe_number=892,
    rule="centre_20_miles",
    centre_name="Nottingham city centre",
    centre=(457200, 340000),
    mixes={
        2020: dict(
            kinship=44, foster_own=168, foster_ifa=190, home_own=14, home_ext=50, secure=4,
            supported_own=8, supported_ext=25, school=0, health=2, parent_child=3,
            parents=6, adoption=45, unregistered=1, temporary=1,
        ),
        # The mix printed for 31 March 2014 and, two years on, for 31 March 2016.
        2023: dict(
            kinship=44, foster_own=165, foster_ifa=205, home_own=14, home_ext=52, secure=6,
            supported_own=8, supported_ext=27, school=0, health=3, parent_child=3,
            parents=5, adoption=47, unregistered=1, temporary=0,
        ),
        2025: dict(
            kinship=40, foster_own=154, foster_ifa=262, home_own=15, home_ext=52, secure=6,
            supported_own=12, supported_ext=14, school=0, health=1, parent_child=2,
            parents=1, adoption=39, unregistered=0, temporary=0,
        ),
    },
    near_pct=dict(
        kinship=93, foster_own=98, foster_ifa=81, home_own=100, home_ext=60, secure=33,
        supported_own=95, supported_ext=90, school=50, health=100, parent_child=50,
        parents=100, adoption=62, unregistered=50, temporary=100,
    ),
    near_pct_overall=83.6,
    uasc_share=0.12,
    uasc_fit=dict(foster_own=0.4, foster_ifa=1.2, supported_ext=6, supported_own=3),
    white_british=0.55,
    short_break_children=24,
    children_per_household=1.4,
    population={2020: 67300, 2021: 66900, 2022: 67500, 2023: 68300, 2024: 69000},
    neighbours=(
        "E08000025", "E08000003", "E08000021", "E06000002", "E08000032",
        "E08000028", "E06000045", "E08000004", "E08000039", "E08000006",
    ),
    targets=(
        PlannedTarget(
            "within_rule_pct", 85.0, "2028-03-31",
            "85% of children looked after within 20 miles of the city centre",
            baseline_on="2021-03-31",
        ),
    ),
)  # fmt: skip

BRIGHTON_AND_HOVE = AuthorityPlan(
    code="E06000043",
    slug="brighton-and-hove",
    name="Brighton and Hove",
    dfe_number=846,
    rule="boundary_20_miles",
    centre_name="Brighton Clock Tower",
    centre=(531000, 104500),
    mixes={
        2020: dict(
            kinship=50, foster_own=128, foster_ifa=92, foster_other=1, home_own=3, home_ext=22,
            secure=1, supported_own=2, supported_ext=24, school=5, care_home=0, health=1,
            parent_child=3, yoi=0, parents=17, adoption=16, unregistered=2, temporary=3,
        ),
        2023: dict(
            kinship=53, foster_own=123, foster_ifa=94, foster_other=1, home_own=3, home_ext=24,
            secure=1, supported_own=2, supported_ext=28, school=5, care_home=1, health=1,
            parent_child=2, yoi=1, parents=17, adoption=15, unregistered=3, temporary=2,
        ),
        2025: dict(
            kinship=55, foster_own=120, foster_ifa=95, foster_other=0, home_own=3, home_ext=25,
            secure=1, supported_own=2, supported_ext=30, school=5, care_home=0, health=1,
            parent_child=2, yoi=1, parents=18, adoption=14, unregistered=4, temporary=4,
        ),
    },
    near_pct=dict(
        kinship=93, foster_own=99, foster_ifa=85, foster_other=100, home_own=100, home_ext=66,
        secure=0, supported_own=100, supported_ext=95, school=60, care_home=50, health=100,
        parent_child=50, yoi=0, parents=95, adoption=57, unregistered=75, temporary=100,
    ),
    near_pct_overall=89.0,
    uasc_share=0.2,
    uasc_fit=dict(foster_own=0.5, foster_ifa=1.0, supported_ext=8, supported_own=4),
    white_british=0.7,
    short_break_children=18,
    children_per_household=1.3,
    population={2020: 51300, 2021: 50800, 2022: 50500, 2023: 50200, 2024: 50000},
    neighbours=(
        "E06000023", "E06000033", "E09000003", "E09000021", "E06000022",
        "E08000035", "E09000023", "E06000042", "E09000032", "E06000014",
    ),
    targets=(
        PlannedTarget(
            "within_rule_pct", 90.0, "2028-03-31",
            "90% of children looked after within 20 miles of the boundary",
        ),
    ),
)  # fmt: skip

PLANS = {plan.code: plan for plan in (HEREFORDSHIRE, NOTTINGHAM, BRIGHTON_AND_HOVE)}
