"""What the statutory guidance asks of a strategic needs assessment: 4.7, and what goes with it.

Source: Sufficiency: statutory guidance on securing sufficient accommodation for looked after
children (DCSF, 2010).
"""

from __future__ import annotations

from functools import partial

from sufficiency_lib.judgement import clause_figures as of
from sufficiency_lib.judgement.clause import Clause

_clause = partial(Clause, "guidance_4_7")

_POINTS: tuple[Clause, ...] = (
    _clause(
        "4.7, first point",
        "The assessment is made with partners, internal and external providers among them.",
        "Who took part is outside the suite: minutes of partners' and providers' meetings, and "
        "the joint strategic needs assessment.",
    ),
    _clause(
        "4.7, second point",
        "It assesses the needs and desired outcomes of all looked-after children and of children "
        "at risk of care or custody, their families' needs included.",
        "It takes SSDA903 returns for the children looked after, and edge_of_care.csv for children"
        " in need and on plans.",
        (of.CHILDREN, of.AT_THE_EDGE),
        "The needs of families, and of children at risk of custody, are not counted: that takes "
        "early help and youth justice records.",
    ),
    _clause(
        "4.7, third point",
        "It covers the full range of needs.",
        "It takes SSDA903 returns (CIN code of each episode), and circumstances.csv with "
        "is_disabled.",
        (of.ABUSE, of.DISABLED, of.UNACCOMPANIED),
        "Special educational needs and mental health needs are not in the returns: they take the "
        "virtual school's and the health service's assessments.",
    ),
    _clause(
        "4.7, third point: be healthy",
        "It covers whether children are healthy.",
        "It takes SSDA903 returns (OC2: health assessment, teeth, immunisations, SDQ).",
        (of.ASSESSED, of.SDQ),
        "Checks made are not health: diagnoses and treatment take the health service's records.",
    ),
    _clause(
        "4.7, third point: stay safe",
        "It covers whether children are safe.",
        "It takes SSDA903 returns (Missing and Episodes).",
        (of.MISSING, of.MOVED_OFTEN),
        "Harm and exploitation are not in the returns: they take safeguarding referrals and "
        "allegations records.",
    ),
    _clause(
        "4.7, third point: enjoy and achieve",
        "It covers whether children enjoy life and achieve at school.",
        "Attainment, attendance and exclusions take the virtual school's data or the "
        "Department's matched tables. The returns hold only care leavers' activity (OC3).",
        (of.IN_EDUCATION,),
        "Care leavers in education are no measure of children at school: that takes attainment, "
        "attendance and exclusions from the virtual school.",
    ),
    _clause(
        "4.7, third point: positive contribution",
        "It covers whether children make a positive contribution.",
        "It takes SSDA903 returns (OC2: CONVICTED); and a record of children in council, "
        "volunteering and clubs.",
        (of.CONVICTED,),
        "Convictions tell only of a lack: what children contribute takes a record of their part "
        "in the children in care council, volunteering and clubs.",
    ),
    _clause(
        "4.7, third point: economic wellbeing",
        "It covers whether young people come to earn their living and have a home.",
        "It takes SSDA903 returns (OC3: activity and accommodation).",
        (of.EMPLOYED, of.HOUSED),
        "Income, benefits and debts take the leaving care service's records.",
    ),
    _clause(
        "4.7, fourth point",
        "It looks at the short and the long term, up to ten years.",
        "It takes SSDA903 returns of enough years for a forecast.",
        (of.FORECAST_NEXT[1], *of.FORECAST),
    ),
    _clause(
        "4.7, fifth point",
        "It predicts demand for the quantity and the quality of services from a wide range of "
        "data.",
        "It takes SSDA903 returns of enough years for a forecast, and capacity_places in "
        "profile.toml, provision.csv or carers.csv for the places.",
        (of.FORECAST_FOSTERING[1], of.FORECAST_HOME[1], of.FORECAST_ABUSE),
        "The ends of each range stand in its table. The quality that will be wanted is not "
        "forecast: it takes the outcomes that care plans and individual assessments name.",
    ),
    _clause(
        "4.7, sixth point",
        "It assesses how likely unexpected demand is, its impact, and the contingency there is.",
        "It takes SSDA903 returns of enough years for a forecast, and capacity_places in "
        "profile.toml or carers.csv for the places.",
        (of.FULLEST_MONTH, of.OVER_CAPACITY),
        "What such a month would do to children and to spend is not worked out, and what is "
        "arranged for it is in the council's contracts and plans.",
    ),
)

_BESIDE: tuple[Clause, ...] = (
    _clause(
        "4.8",
        "It informs the design of universal, specialist and early help services, placements, "
        "adoption and transitions to adulthood.",
        "What was designed from it is outside the suite: commissioning plans that cite it.",
        (of.ADOPTED_IN_TIME, of.TO_TURN_18),
        "The figures are for two of these services. What was designed from them is in the "
        "commissioning plans.",
    ),
    _clause(
        "4.9",
        "It is shared with partners and providers, and families can read a summary.",
        "Sharing leaves no figure: it takes the date of publication and the list of those to "
        "whom it went.",
    ),
    _clause(
        "4.5",
        "Commissioners know the quality and the full costs of all provision, internal unit costs "
        "included.",
        "It takes ledger.csv and the [[costs.items]] of profile.toml for full costs, and "
        "provision.csv for grades; where costs are withheld from the page, the council's own "
        "edition has them.",
        (of.OWN_FULL, of.BOUGHT_FULL, of.HOME_GRADES),
        "Inspection grades are not the quality of the care that each child has: that takes "
        "contract monitoring.",
    ),
    _clause(
        "2.13",
        "Standby accommodation or surplus provision is planned for emergency placements.",
        "It takes SSDA903 returns of enough years for a forecast, and a list of standby places "
        "held.",
        (of.STANDBY_FOSTERING, of.STANDBY_HOME),
        "How many places do stand by is not in the figures: it takes the council's contracts for "
        "emergency places.",
    ),
)

CLAUSES: tuple[Clause, ...] = (*_POINTS, *_BESIDE)
