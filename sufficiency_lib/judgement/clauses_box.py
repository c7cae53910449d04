"""What sufficiency looks like (Box 1), and what is reasonably practicable (Box 2).

Source: Sufficiency: statutory guidance on securing sufficient accommodation for looked after
children (DCSF, 2010), chapter 2.
"""

from __future__ import annotations

from functools import partial

from sufficiency_lib.judgement import clause_figures as of
from sufficiency_lib.judgement.clause import Clause

_box_1, _box_2 = partial(Clause, "box_1"), partial(Clause, "box_2")

_SUFFICIENT: tuple[Clause, ...] = (
    _box_1(
        "Box 1, point 1",
        "All children are in appropriate placements in the area with the support they need, "
        "unless that is not consistent with their welfare.",
        "It takes placement postcodes in the SSDA903 returns, and the area's postcodes in the "
        "reference store.",
        (of.IN_AREA,),
        "Which placements are appropriate, what support there is, and for whom the area is not "
        "right take care plan reviews.",
    ),
    _box_1(
        "Box 1, point 2",
        "Universal, targeted and specialist services work together for children looked after "
        "and at risk of care or custody.",
        "How services work together leaves no figure here: it takes partners' agreements and a "
        "review of cases.",
    ),
    _box_1(
        "Box 1, point 3",
        "Where a place in the area is not reasonably practicable, provision is widened in "
        "neighbouring areas that are within reach.",
        "Placement postcodes in the SSDA903 returns show where children live; the mechanisms are "
        "in regional agreements.",
        (of.MOST_PLACED,),
        "Where children live is not how the range was widened: that takes regional agreements. "
        "Transport links are not measured.",
    ),
    _box_1(
        "Box 1, point 4",
        "Every child whose plan is adoption is with an adoptive family within 12 months of the "
        "recommendation.",
        "It takes SSDA903 returns (Placed for adoption and AD1) of two years or more.",
        (of.ADOPTED_IN_TIME,),
    ),
    _box_1(
        "Box 1, point 5",
        "Partners, housing among them, secure a range of provision for those who come into care "
        "at 16 and 17 and keep a home beyond 18.",
        "It takes SSDA903 returns (Episodes and OC3).",
        (of.STARTED_AT_16, of.SUPPORTED, of.HOUSED),
        "The part that housing and other partners play takes joint protocols and the housing "
        "authority's records.",
    ),
    _box_1(
        "Box 1, point 6",
        "Services are enough in quantity for predicted demand, a range of needs and emergencies.",
        "It takes SSDA903 returns of enough years for a forecast, and capacity_places in "
        "profile.toml, provision.csv or carers.csv for the places.",
        (*of.GAP_HOME, of.SEARCH_DAYS),
        "Places are counted for placements alone: how much there is of other services takes "
        "their own records.",
    ),
    _box_1(
        "Box 1, point 7",
        "Services meet national minimum standards and are good enough to secure the outcomes in "
        "care plans.",
        "It takes provision.csv with the Ofsted grade of each provider.",
        (of.HOME_GRADES,),
        "Whether the outcomes in care plans were secured takes their reviews; grades are of the "
        "provider.",
    ),
    _box_1(
        "Box 1, point 8",
        "Services are spread across the area as need is.",
        "It takes provision.csv and carers.csv with postcodes: Ofsted withholds those of "
        "children's homes.",
        (of.NONE_NEAR_FOSTERING, of.NONE_NEAR_HOME, of.GAINED),
        "This is of placements. Where other services are takes their addresses.",
    ),
    _box_1(
        "Box 1, point 9",
        "All placement providers are linked into the wider network of services.",
        "Links leave no figure: they take contracts, and what providers and children say of the "
        "support they had.",
    ),
    _box_1(
        "Box 1, point 10",
        "Schools, health and other universal services know who is looked after, and are well "
        "linked with the services that support the child.",
        "It takes what schools and health services are told: personal education plans, health "
        "assessments and their dates.",
    ),
    _box_1(
        "Box 1, point 11",
        "Those who decide on placements know the supply, quality and availability of placements "
        "and services in the area.",
        "It takes provision.csv with vacancies, and referrals.csv with open searches.",
        (of.HOME_OCCUPANCY, of.MATCHED_FOSTERING),
        "That the figures exist does not say that those who decide had them: that takes the "
        "procedure for placement decisions.",
    ),
    _box_1(
        "Box 1, point 12",
        "Neighbouring authorities plan the market together and commission regionally.",
        "Collaboration leaves no figure here: it takes regional agreements, frameworks and the "
        "minutes of their boards.",
    ),
)

_PRACTICABLE: tuple[Clause, ...] = (
    _box_2(
        "Box 2, point 1",
        "How far a phased programme to meet the duty has come, and whether it works.",
        "It takes targets with a baseline, a date and a definition in profile.toml.",
        (of.TARGETS,),
        "Progress is towards the council's targets: the phases of its programme are in the "
        "strategy.",
    ),
    _box_2(
        "Box 2, point 2",
        "How many children a local placement would not suit, for their needs and welfare.",
        "That judgement is recorded in each care plan and in no return. A list of these children "
        "would show it.",
    ),
    _box_2(
        "Box 2, point 3",
        "How far local universal services meet needs.",
        "It takes use and waiting times of schools, health and early help services by looked-after"
        " children.",
        (of.ASSESSED, of.TEETH),
        "Two health services are counted; schools, early help and the rest take their own "
        "records.",
    ),
    _box_2(
        "Box 2, point 4",
        "The state of the local market: demand in a place, and the amount and type of supply.",
        "It takes provision.csv for supply, carers.csv for foster households and referrals.csv for"
        " demand.",
        (of.HOME_PLACES, of.HOME_OCCUPANCY, of.NONE_NEAR_HOME),
        "Demand of other authorities for the same places is not counted: it takes their "
        "referrals.",
    ),
    _box_2(
        "Box 2, point 5",
        "How far the council and its partners are actively managing this market.",
        "Managing leaves no figure: it takes frameworks, market position statements and records "
        "of talks with providers. Contract in ledger.csv would show how places are bought.",
        (of.LARGEST,),
        "Who has the places is the market as it stands. How it is managed takes frameworks and "
        "records of talks with providers.",
    ),
    _box_2(
        "Box 2, point 6",
        "The resources and capabilities of providers: funding, staff, premises, experience and "
        "expertise.",
        "It takes provision.csv with places and Ofsted grades, and carers.csv; staff, vacancies "
        "among them and finances take a survey of providers.",
        (of.FOSTER_PLACES, of.HOME_PLACES),
        "Places are a part: staff, experience and finances take a survey of providers.",
    ),
    _box_2(
        "Box 2, point 7",
        "The resources, capabilities and overall budget priorities of the partners.",
        "It takes ledger.csv for spend on placements; budgets and priorities are in the partners' "
        "financial plans.",
        (of.SPEND, of.COUNCIL_UNIT, of.ENGLAND_UNIT),
        "Spend on placements is no budget: partners' resources and priorities are in their "
        "financial plans.",
    ),
)

CLAUSES: tuple[Clause, ...] = (*_SUFFICIENT, *_PRACTICABLE)
