"""What the Local Government Association's resource pack asks.

A topic's first question is its heading; the others stand in the text under it.
"""

from __future__ import annotations

from collections.abc import Iterable

from sufficiency_lib.judgement import clause_figures as of
from sufficiency_lib.judgement.clause import Clause, Finder

#: asks, would_show, finders, in_part
_Question = tuple[str, str, tuple[Finder, ...], str]


def _asked(
    asks: str, would_show: str, finders: tuple[Finder, ...] = (), in_part: str = ""
) -> _Question:
    return asks, would_show, finders, in_part


def _topic(name: str, questions: Iterable[_Question]) -> tuple[Clause, ...]:
    """The questions of one topic, numbered."""
    return tuple(
        Clause("lga", f"LGA, {name}, question {number}", *question)
        for number, question in enumerate(questions, start=1)
    )


_STATEMENT = _topic("statement", (
    _asked(
        "Is the sufficiency statement up to date, and do partners have it?",
        "The date of the statement and those it went to are outside the suite: this appendix is "
        "made for one.",
    ),
))

_NEEDS = _topic("needs", (
    _asked(
        "What are the needs of looked-after children, how do they change and how are they met?",
        "It takes SSDA903 returns of several years; circumstances.csv for disability.",
        (of.CHANGE, of.ABUSE, of.UNACCOMPANIED),
        "Social, emotional and mental health needs beyond the SDQ score, and what carers say of "
        "them, are not in the returns.",
    ),
    _asked(
        "What was sought for children and where were they placed: which gaps need filling?",
        "It takes referrals.csv: what was sought and what was made, with dates.",
        (of.FOSTERING_AS_SOUGHT, of.HOME_AS_SOUGHT, of.GAP_HOME[1]),
        "Support that was sought is not counted: it takes a list of requests.",
    ),
    _asked(
        "Are some groups more likely to be placed far away, in unregistered placements or in "
        "otherwise unsuitable ones?",
        "It takes SSDA903 returns with postcodes, and circumstances.csv for siblings and "
        "disability.",
        (of.FAR_TEENAGERS, of.FAR_SIBLINGS, of.FAR_DISABLED, of.OUT_UASC),
        "Whether a difference is more than chance stands in the table of the figures. "
        "Unregistered placements are not compared by group, and suitability takes reviews.",
    ),
    _asked(
        "What do children say that they want and need, and how does it shape placements?",
        "Children's own words are in no return: a survey, advocates' reports or the children in "
        "care council would show it, unaccompanied children's among them.",
    ),
    _asked(
        "What outcomes are hoped for?",
        "It takes SSDA903 returns (OC2, OC3, Missing and Episodes), and targets in profile.toml.",
        (of.SAME_CARER, of.EMPLOYED),
        "The outcomes are those of the returns. Which are hoped for is the council's to say; "
        "those with a number are among its targets.",
    ),
    _asked(
        "Is each child safe and making good progress, and which providers or kinds of care help "
        "which children best?",
        "It takes SSDA903 returns (Missing and Episodes); outcomes of each child beside the "
        "provider.",
        (of.MISSING, of.SDQ),
        "Outcomes are not set beside providers, whose children differ: that takes each child's "
        "progress from the start of the placement.",
    ),
))

_PARENTS = _topic("corporate parents", (
    _asked(
        "How do all corporate parents take part in improving sufficiency?",
        "The part that housing, planning and finance take is in the minutes of the corporate "
        "parenting board.",
    ),
    _asked(
        "Do colleagues in skills consider work with looked-after children, as in children's homes?",
        "It takes courses and apprenticeships in residential care: the skills service's records, "
        "and a survey of homes' staff and vacancies.",
    ),
    _asked(
        "Do councillors share messages that recruit foster carers?",
        "It takes enquiries to the fostering service by how each heard of it.",
    ),
))

_NEIGHBOURS = _topic("neighbours", (
    _asked(
        "What work with neighbouring authorities improves sufficiency?",
        "The work is in regional agreements, shared frameworks and the minutes of their boards.",
    ),
))

_PROVIDERS = _topic("providers", (
    _asked(
        "How does the council engage with local providers?",
        "Engagement leaves no figure: it is in the record of forums and visits.",
    ),
    _asked(
        "What feedback do providers give, how is it gathered and what is done with it?",
        "It takes a survey of providers, with what was done. referrals.csv holds refusals, without"
        " their reasons.",
    ),
    _asked(
        "If local or smaller providers come first, how does the council work with them?",
        "It takes contract values by provider and size: ledger.csv has contracts, without "
        "providers. How they work together takes the providers' own account.",
    ),
    _asked(
        "Do commissioning and procurement encourage or exclude smaller providers?",
        "It takes bids and awards by size of provider: the procurement record.",
    ),
))

_FOSTERING = _topic("fostering", (
    _asked(
        "How are future fostering placements planned?",
        "It takes SSDA903 returns of enough years for a forecast, and carers.csv or "
        "capacity_places in profile.toml for the places.",
        (*of.FORECAST_FOSTERING, of.GAP_FOSTERING[1]),
        "Need and places are forecast. The plan for what lies between is in the council's "
        "recruitment strategy.",
    ),
    _asked(
        "Are mainstream fostering households falling here, and how many carers may soon leave?",
        "It takes carers.csv: when each household was approved and left.",
        (of.HOUSEHOLDS, of.JOINED, of.LEFT),
        "Who may leave soon is not known from who left: it takes a survey of carers, or their "
        "ages. Agencies' households are not in carers.csv.",
    ),
    _asked(
        "What works in recruiting and keeping carers, and what must change?",
        "Enquiries, assessments and approvals, and why carers leave: the fostering service's "
        "records. carers.csv would show who joined, who left and how full places are.",
        (of.BED_USE, of.LOCAL_IN_HOUSE, of.LOCAL_AGENCY),
        "How places are used, and where, does not say what works: that takes enquiries, "
        "approvals and why carers leave.",
    ),
    _asked(
        "If outside a regional fostering hub, is other support of the Department taken up?",
        "It takes membership of a hub and support taken up: the fostering service's records.",
    ),
))

_HEALTH = _topic("health", (
    _asked(
        "How does the council work together with local health services?",
        "It takes SSDA903 returns (OC2) for assessments; waits for mental health services take the"
        " health service's records.",
        (of.ASSESSED, of.SDQ),
        "Assessments made and scores are what comes of it in part. Waits for mental health "
        "services, and joint funding, take the health service's records.",
    ),
    _asked(
        "Who represents the council on the Integrated Care Board, and how explicitly does it "
        "consider looked-after children's health?",
        "It takes the board's membership, minutes and joint health and wellbeing strategy.",
    ),
))

_NONE_FOUND = _topic("no placement found", (
    _asked(
        "What happens when no suitable placement is found in time?",
        "It takes referrals.csv: how long each search took and how it ended.",
        (of.SEARCH_DAYS, of.SEARCH_PLACED, of.SEARCH_UNREGISTERED),
        "How searches end is shown. The arrangements are in the council's procedures.",
    ),
    _asked(
        "If unregistered provision was used, what was done about it?",
        "It takes SSDA903 returns and referrals.csv for its use; what was done is in the record of"
        " each placement.",
        (of.OTHER_PLACEMENTS, of.NO_NUMBER),
        "Other placements are more than unregistered ones. What was done is in the record of "
        "each.",
    ),
    _asked(
        "Is registration with Ofsted sought quickly for unregistered placements?",
        "It takes the dates of each application to Ofsted beside the day the child moved in: the "
        "commissioning record.",
    ),
    _asked(
        "Can emergency and unplanned moves be made fewer?",
        "It takes SSDA903 returns (REASON_PLACE_CHANGE).",
        (of.UNPLANNED, of.BEHAVIOUR_MOVES),
        "How many there are, and why, is shown. What would make them fewer takes reviews of "
        "placements that ended.",
    ),
    _asked(
        "Is there provision for those emergencies?",
        "It takes a list of emergency and standby places with their use; SSDA903 returns of enough"
        " years for how many would be needed.",
        (of.STANDBY_FOSTERING, of.STANDBY_HOME),
        "How many would be needed is forecast. How many are held is in the council's contracts.",
    ),
    _asked(
        "How does what is known of children's needs shape the provision that is planned?",
        "It takes SSDA903 returns of enough years for a forecast of places and needs.",
        (of.FORECAST_ABUSE, of.GAP_HOME[1]),
        "The forecast is what planning can rest on. How it is used is in the commissioning plan.",
    ),
))

_DISABLED = _topic("disability", (
    _asked(
        "How confident is the council in the support of disabled children and those with complex "
        "needs?",
        "It takes circumstances.csv with is_disabled, for where disabled children live and how "
        "often they move; visits, advocacy and quality assurance for the support they have.",
        (of.DISABLED, of.OUT_DISABLED),
        "Confidence in the support takes visits, advocacy and quality assurance of each setting. "
        "Complex needs are not in the returns.",
    ),
))

_COMMISSIONERS = _topic("commissioners", (
    _asked(
        "Do commissioners have the right tools, policies and procedures?",
        "Tools and policies leave no figure: a review of them, with commissioners, would show it.",
    ),
    _asked(
        "Do commissioners have all they need to support them?",
        "It takes a survey of commissioners. Data is one of the things they need; how much of the "
        "returns could be used is under data quality.",
    ),
    _asked(
        "How do commissioners say which changes would help them?",
        "It takes a record of what commissioners proposed, and what was done.",
    ),
))

_STABILITY = _topic("stability", (
    _asked(
        "How is the stability of placements supported?",
        "SSDA903 returns for how stable placements are; the support is in the council's offer to "
        "carers.",
        (of.MOVED_OFTEN, of.SAME_CARER),
        "How stable placements are is shown. The support takes a record of what carers and "
        "children were given.",
    ),
    _asked(
        "How often do children move, and why?",
        "It takes SSDA903 returns (REASON_PLACE_CHANGE of each move).",
        (of.MOVED_OFTEN, of.CARE_PLAN_MOVES, of.BEHAVIOUR_MOVES),
    ),
    _asked(
        "What is done to keep placements stable, as in matching and support at hard times?",
        "It takes matching and support given to each placement, with dates: the fostering and "
        "residential services' records.",
    ),
))

_MONEY = _topic("spend", (
    _asked(
        "What is spent on placements, and does it bring good outcomes?",
        "It takes ledger.csv with the weekly cost of each placement; where costs are withheld from"
        " the page, the council's own edition has them.",
        (of.SPEND, of.WEEK, of.COUNCIL_UNIT),
        "Spend is not set beside outcomes, as the dearest placements are of children with the "
        "most needs: that takes each child's progress.",
    ),
    _asked(
        "Are these the right homes, good value, and do they help children to thrive?",
        "It takes ledger.csv and the [[costs.items]] of profile.toml for value; care plan reviews "
        "and what children say for the rest.",
        (of.OWN_FULL, of.BOUGHT_FULL),
        "Costs side by side are not value: whether children thrive takes reviews and their own "
        "words.",
    ),
    _asked(
        "Does spending help to deliver the council's priorities for children?",
        "It takes ledger.csv for where the money goes; priorities are in the council's plan.",
        (of.DEAREST,),
        "Where the money goes is shown. Whether that is the priority is for the council to say.",
    ),
    _asked(
        "If not, is there a plan to bring costs down, as by own provision, new provision with "
        "partners, kinship care or support at the edge of care?",
        "It takes ledger.csv for what agency fostering in-house would save; the plan is the "
        "council's.",
        (of.SAVING, of.IN_HOUSE),
        "The figures are where a plan can begin. The plan is in the council's financial strategy.",
    ),
))

CLAUSES: tuple[Clause, ...] = (
    *_STATEMENT, *_NEEDS, *_PARENTS, *_NEIGHBOURS, *_PROVIDERS, *_FOSTERING, *_HEALTH,
    *_NONE_FOUND, *_DISABLED, *_COMMISSIONERS, *_STABILITY, *_MONEY,
)
