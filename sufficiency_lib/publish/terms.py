"""The terms of the glossary: each in plain English, with the statute or guide behind it."""

from __future__ import annotations

from dataclasses import dataclass

_ACT = "Children Act 1989"
_GUIDE = "DfE, Guide to the SSDA903 collection"
_CARE_PLANNING = "Care Planning, Placement and Case Review (England) Regulations 2010"


@dataclass(frozen=True)
class Term:
    """A word or phrase of the field.

    id       makes its anchor, so it stays as it is once published
    match    the spellings that are linked; a capital at the beginning is found too
    source   where the meaning is laid down; blank where it is this document's own
    """

    id: str
    name: str
    meaning: str
    source: str = ""
    match: tuple[str, ...] = ()


def _term(id: str, name: str, meaning: str, *match: str, source: str = "") -> Term:
    return Term(id, name, meaning, source, match)


TERMS: tuple[Term, ...] = (
    # --- children and the law ---
    _term("looked-after", "Looked after",
          "A child whom a council has in its care by a court's order, or for whom it provides "
          "somewhere to live for more than 24 hours.",
          "looked after", "looked-after", source=f"{_ACT}, section 22"),
    _term("sufficiency", "Sufficiency",
          "A council's duty to see that, as far as can reasonably be done, there are enough places "
          "in its own area that meet the needs of the children it looks after.",
          "sufficiency", source=f"{_ACT}, section 22G"),
    _term("section-20", "Section 20",
          "A child looked after by agreement with the parents or with a young person of 16 or "
          "over, and not by order of a court.",
          "section 20", "single period of accommodation", source=f"{_ACT}, section 20"),
    _term("care-order", "Care order",
          "A court's order that puts a child in the care of a council, which then shares parental "
          "responsibility with the parents. An interim order holds while the court decides.",
          "care order", "care orders", "full care order", "interim care order",
          source=f"{_ACT}, sections 31, 33 and 38"),
    _term("placement-order", "Placement order",
          "A court's order that lets a council place a child with people who may adopt the child.",
          "placement order", "placement orders",
          source="Adoption and Children Act 2002, section 21"),
    _term("legal-status", "Legal status",
          "By what authority a child is looked after: by agreement, or by which order of a court.",
          "legal status", source=_GUIDE),
    _term("category-of-need", "Category of need",
          "The main reason why a child came into care, such as abuse or neglect, or a parent's "
          "illness. One is recorded for each child.",
          "category of need", source=_GUIDE),
    _term("short-breaks", "Short breaks",
          "A planned series of short stays away from home, most often for disabled children. "
          "Children who have only these are not counted here as looked after.",
          "short breaks", "series of short breaks",
          source=f"{_CARE_PLANNING}, regulation 48"),
    _term("uasc", "Unaccompanied asylum-seeking child (UASC)",
          "A child who has claimed asylum alone, with no parent or other adult responsible for "
          "them in this country.",
          "unaccompanied asylum-seeking children", "unaccompanied asylum-seeking child",
          "unaccompanied children", "unaccompanied child", "UASC",
          source="Immigration Rules, paragraph 352ZD"),
    _term("edge-of-care", "Edge of care",
          "Children in need, or with a child protection plan, who may come to be looked after.",
          "edge of care"),
    _term("care-leaver", "Care leaver",
          "A young person who was looked after at 16 or 17, and for at least 13 weeks since the "
          "age of 14, whom the council goes on supporting.",
          "care leaver", "care leavers", source=f"{_ACT}, sections 23A to 23C"),
    # --- what the return records ---
    _term("ssda903", "SSDA903",
          "The return that every council in England sends to the Department for Education each "
          "year about the children it looks after. Every figure here is worked out from it "
          "unless another source is named.",
          "SSDA903", "SSDA903 returns", source=_GUIDE),
    _term("episode", "Episode",
          "A stretch of time in which a child's placement and legal status stay the same. When "
          "either changes, a new episode begins, so one placement may be several episodes.",
          "episode", "episodes", source=_GUIDE),
    _term("period-of-care", "Period of care",
          "The whole time from the day a child starts to be looked after to the day on which that "
          "ends, through every placement between.",
          "period of care", "periods of care"),
    _term("placement", "Placement",
          "Where a looked-after child lives and with whom: a foster family, a children's home and "
          "so on. A stay with one carer is one placement.",
          "placement", "placements", source=f"{_ACT}, section 22C"),
    _term("unplanned-ending", "Unplanned ending",
          "A move that the care plan did not foresee: the carer or the child asked for it, there "
          "was an allegation or a concern about standards, or the provision closed.",
          "unplanned ending", "unplanned endings", "unplanned"),
    _term("return-year", "Return year",
          "The year from 1 April to 31 March that one SSDA903 return is about, named by the year "
          "in which it ends: the return for 2025 closes on 31 March 2025.",
          "return year", "return years", source=_GUIDE),
    _term("finding", "Finding",
          "Something in the data that stops a run, that moves a figure, or that could be read as "
          "it was meant. Each is listed with what was done about it.",
          "findings"),
    _term("urn", "Ofsted number (URN)",
          "The number under which Ofsted registers a home or an agency. A placement without one "
          "may be with a provider that is not registered.",
          "Ofsted number", "URN", source=_GUIDE),
    _term("missing", "Missing, and away without permission",
          "Missing: it is not known where the child is. Away without permission: it is known, and "
          "not allowed.",
          "missing from care", "going missing", source=_GUIDE),
    _term("sdq", "Strengths and difficulties questionnaire (SDQ)",
          "Questions that a carer answers each year about how a child feels and behaves. The score "
          "runs from 0 to 40; 17 or more is a cause for concern.",
          "strengths and difficulties questionnaire", "strengths and difficulties scores", "SDQ",
          source=_GUIDE),
    # --- kinds of placement ---
    _term("in-house", "In-house fostering",
          "Fostering by carers whom the council itself recruits and approves.",
          "in-house", "in-house fostering"),
    _term("ifa", "Independent fostering agency (IFA)",
          "A company or charity, registered with Ofsted, that recruits foster carers and is paid "
          "by councils for each placement.",
          "independent fostering agency", "independent fostering agencies", "independent fostering",
          "independent agency", "agency fostering", "IFA", "IFAs",
          source="Care Standards Act 2000, section 4"),
    _term("kinship", "Kinship fostering",
          "Fostering by a relative, a friend or somebody else who already knows the child, "
          "approved as the foster carer of that child.",
          "kinship", "kinship fostering", "fostering by relatives and friends",
          "fostering by relatives or friends",
          source=f"{_CARE_PLANNING}, regulation 24"),
    _term("childrens-home", "Children's home",
          "A registered home in which children are cared for by staff and not by a foster family.",
          "children's home", "children's homes", source="Care Standards Act 2000, section 1"),
    _term("secure", "Secure children's home",
          "A home approved to keep children who would otherwise run away or be hurt; to keep a "
          "child there for more than 72 hours needs a court's leave.",
          "secure home", "secure homes", "secure children's home", "secure children's homes",
          source=f"{_ACT}, section 25"),
    _term("residential-school", "Residential school",
          "A school at which children live. One that is registered as a children's home is "
          "counted as a children's home.",
          "residential school", "residential schools", source=_GUIDE),
    _term("supported-accommodation", "Supported accommodation",
          "Housing with support, but without care, for young people of 16 and 17. It must be "
          "registered with Ofsted.",
          "supported accommodation",
          source="Supported Accommodation (England) Regulations 2023 (SI 2023/416)"),
    _term("unregistered", "Unregistered setting",
          "A place that ought to be registered with Ofsted and is not. To run one is an offence.",
          "unregistered", source="Care Standards Act 2000, section 11"),
    _term("provider", "Provider",
          "Who runs a placement: the council itself, another council, another public body, or a "
          "private or voluntary organisation.",
          "provider", "providers", source=_GUIDE),
    # --- supply, costs and contracts ---
    _term("occupancy", "Occupancy",
          "The share of places that are filled.", "occupancy"),
    _term("capacity", "Capacity",
          "The places that the council can count on: those that its profile names, or else, for "
          "in-house fostering, those for which its own carers are approved.",
          "capacity"),
    _term("standby-place", "Standby place",
          "A place kept free so that there is one when more children need it than is usual.",
          "standby place", "standby places", "standby bed", "standby beds",
          source="Sufficiency guidance (2010), 2.13"),
    _term("framework", "Framework contract",
          "Terms and prices that providers have agreed to beforehand, under which the council "
          "then buys places one by one.",
          "framework contract", "framework contracts"),
    _term("block", "Block contract",
          "A number of places that the council pays for, whether or not a child is in them.",
          "block contract", "block contracts"),
    _term("spot", "Spot purchase",
          "A place bought for one child at a price of its own, outside any framework or block.",
          "spot purchase", "spot purchases", "spot contract", "spot contracts"),
    _term("ledger", "Ledger",
          "The council's own list of the placements it pays for: child, dates, kind of placement, "
          "contract and weekly cost.",
          "a ledger", "the ledger"),
    _term("unit-cost", "Unit cost",
          "What one place costs for one week.",
          "unit cost", "unit costs"),
    _term("section-251", "Section 251",
          "The statement that every council sends to the Department for Education of what it "
          "spends on schools and on services for children.",
          "section 251",
          source="Apprenticeships, Skills, Children and Learning Act 2009, section 251"),
    # --- how things are counted ---
    _term("bed-night", "Bed night",
          "One child in one placement for one night. A child there all year makes 365 of them.",
          "bed night", "bed nights"),
    _term("locality-rule", "Locality rule",
          "What counts as being placed locally. Councils use different rules, such as within 20 "
          "miles of the child's home or inside the council's area, so rates under two rules "
          "cannot be compared.",
          "locality rule", "rule for what is local", "own rule", "placed locally"),
    _term("distance", "Distance from home",
          "A straight line between the postcode a child came from and the postcode of the "
          "placement, in miles to one decimal. Unaccompanied asylum-seeking children and short "
          "breaks have none.",
          "distance from home", source=_GUIDE),
    _term("cohort", "Cohort",
          "Children who have something in common and are counted together, such as those with "
          "the council's own foster carers.",
          "cohort", "cohorts"),
    _term("consortium", "Consortium",
          "Several councils that find placements together, such as a regional care co-operative, "
          "whose children are counted as one.",
          "consortium"),
    _term("profile", "Profile",
          "What a council says of itself for these figures: its rule for what is local, its "
          "targets, its capacity, its unit costs and the scenarios it wants to see.",
          "council's profile"),
    _term("internal-edition", "Internal edition",
          "The council's own edition of these pages, in which nothing is suppressed. It is not for "
          "publication.",
          "internal edition", "own edition"),
    _term("comparator", "Comparator",
          "A published figure of the same definition, for England, a region or similar councils, "
          "to set beside a council's own.",
          "comparator", "comparators"),
    _term("stock-and-flow", "On a date, and in a year",
          "A figure on a date counts the children who are there on that day. A figure of a year "
          "counts what happened in it: starts, moves, nights. The two are not to be mixed."),
    _term("rate-per-10000", "Rate per 10,000",
          "The number of children for every 10,000 aged 0 to 17 who live in the area, so that "
          "large and small areas can be compared.",
          "rate per 10,000", "per 10,000"),
    _term("mid-year-estimate", "Mid-year estimate",
          "How many people lived in an area at the middle of a year, as the Office for National "
          "Statistics estimates it.",
          "mid-year estimate", "mid-year estimates", "mid-year",
          source="ONS, population estimates"),
    _term("statistical-neighbours", "Statistical neighbours",
          "The ten councils that the Department for Education finds most alike in their children "
          "and families.",
          "statistical neighbours", "similar councils",
          source="DfE, Local authority interactive tool"),
    _term("suppressed", "Suppressed",
          "A figure left out, and shown as c, because so few children are behind it that one of "
          "them might be recognised, or because such a figure could be worked out from it.",
          "suppressed"),
    _term("percentage-point", "Percentage point",
          "The difference between two percentages: from 40% to 45% is 5 percentage points.",
          "percentage point", "percentage points"),
    _term("median", "Median",
          "The one in the middle: half are below it and half above. A few very large values do "
          "not move it, as they move an average.",
          "median"),
    _term("confidence-interval", "95% interval",
          "The range of values that the figures leave likely, if the children counted are taken "
          "as a sample of what might have been. With few children it is wide.",
          "95% interval", "95% intervals", "confidence interval", "confidence intervals"),
    _term("p10-p50-p90", "Low, middle and high (P10, P50, P90)",
          "What is said of many simulated futures. One in ten is below the low figure and one in "
          "ten above the high one, so eight in ten lie between; half are below the middle one.",
          "P10", "P50", "P90", "80% range", "80% interval", "80% intervals"),
    _term("no-change", "No change",
          "The forecast in which children come, move and leave as they have done, and the council "
          "changes nothing. Every scenario stands apart from it.",
          "no change"),
    _term("scenario", "Scenario",
          "The forecast with something changed that the council names, such as fewer children "
          "coming into care or more fostering in-house.",
          "scenario", "scenarios"),
    _term("backtest", "Backtest",
          "A forecast made again from a day in the past, with only what was known then, and set "
          "beside what came.",
          "backtest", "backtests"),
    _term("drift", "Drift",
          "That the rates at which children come into care and leave it wander from year to year. "
          "How far is learnt from what is published of every council.",
          "drift"),
    _term("kaplan-meier", "Kaplan–Meier median",
          "The time by which half of those who started have left, worked out so that children who "
          "are still looked after count for as long as they have been.",
          "Kaplan–Meier", "Kaplan-Meier",
          source="Kaplan and Meier (1958)"),
    _term("odds-ratio", "Odds ratio",
          "How much more, or less, likely something is for one group than for another when all "
          "else in a model is alike: 1 is no difference.",
          "odds ratio", "odds ratios", "logistic model"),
    _term("holm", "Holm's method",
          "A stricter test for a table of many comparisons, of which some would seem clear by "
          "chance alone.",
          "Holm's method", source="Holm (1979)"),
    _term("adoption-scorecard", "Adoption scorecard",
          "The Department for Education's measures of how long children wait to be adopted.",
          "adoption scorecard", "adoption scorecards", source="DfE, Adoption scorecards"),
)  # fmt: skip
