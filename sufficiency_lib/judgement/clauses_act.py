"""What the Children Act 1989 asks: section 22G, and section 22C on where a child is placed."""

from __future__ import annotations

from functools import partial

from sufficiency_lib.judgement import clause_figures as of
from sufficiency_lib.judgement.clause import Clause

_clause = partial(Clause, "children_act")

_WELFARE = (
    "Whose welfare would be served by living in the area is in no return: it takes the judgement "
    "recorded in each care plan."
)

CLAUSES: tuple[Clause, ...] = (
    _clause(
        "22G(1)",
        "Take steps that secure, so far as reasonably practicable, enough accommodation in the "
        "area for the children looked after.",
        "The steps are in the council's decisions: its strategy and the minutes of its boards. "
        "Need beside places takes SSDA903 returns of enough years, provision.csv and carers.csv.",
        (of.GAP_FOSTERING[1], of.GAP_HOME[1]),
        "A gap between need and places is no account of the steps taken: those are in the "
        "council's strategy and the minutes of its boards.",
    ),
    _clause(
        "22G(2)(a)",
        "Be able to provide these children with accommodation within the authority's area.",
        "It takes placement postcodes in the SSDA903 returns, and the area's postcodes in the "
        "reference store.",
        (of.IN_AREA, of.HOMES_IN_AREA),
        "How many of those placed outside could have lived in the area is in no return: it takes "
        "the judgement recorded in each care plan.",
    ),
    _clause(
        "22G(2)(b)",
        "Be able to provide accommodation that meets these children's needs.",
        "It takes referrals.csv: what was sought for each child, and what was made.",
        (of.FOSTERING_AS_SOUGHT, of.HOME_AS_SOUGHT),
        "A placement of the kind sought need not meet a child's needs: that takes care plan "
        "reviews and what children say.",
    ),
    _clause(
        "22G(3)(a)",
        "The duty is to the children whom the authority is looking after.",
        "It takes SSDA903 returns (Header and Episodes) to the date.",
        (of.CHILDREN, of.RATE),
    ),
    _clause(
        "22G(3)(b)",
        "Of these, to children who cannot live with a parent or someone else with parental "
        "responsibility.",
        "It takes SSDA903 returns (PLACE code P1 marks a child placed with parents).",
        (of.WITH_PARENTS,),
        "The figure is of those for whom such an arrangement was made. For whom it could not be "
        "made is in the care plans.",
    ),
    _clause(
        "22G(3)(c)",
        "Of these, to children for whom living in the authority's area would be consistent with "
        "their welfare.",
        _WELFARE,
    ),
    _clause(
        "22G(4)(a)",
        "Have regard to the benefit of a sufficient number of accommodation providers in the "
        "area.",
        "It takes provision.csv with the authority and owner of each provider, and carers.csv for "
        "the council's own foster households.",
        (of.PROVIDERS, of.OWNERS, of.LARGEST),
        "Whether the number is sufficient is the council's opinion to give: it belongs in the "
        "strategy.",
    ),
    _clause(
        "22G(4)(b)",
        "Have regard to the benefit of a sufficient range of accommodation in the area that can "
        "meet different needs.",
        "It takes provision.csv with the authority and kind of each provider.",
        (of.KINDS, of.HOME_PLACES, of.NONE_NEAR_HOME),
        "Which needs each place can meet is not in the register: it takes providers' statements "
        "of purpose. Whether the range is sufficient is the council's opinion to give.",
    ),
    _clause(
        "22G(5), foster parents",
        "Accommodation providers are, first, the authority's own foster parents.",
        "It takes carers.csv: approvals and places of each fostering household.",
        (of.HOUSEHOLDS, of.FOSTER_PLACES),
    ),
    _clause(
        "22G(5), children's homes",
        "Accommodation providers are, second, registered children's homes.",
        "It takes provision.csv, or Ofsted's published list of providers.",
        (of.HOMES,),
    ),
    _clause(
        "22C(7)(a)",
        "Prefer a placement with a relative, friend or other connected person who is a local "
        "authority foster parent.",
        "It takes SSDA903 returns (PLACE codes U1 to U3).",
        (of.KINSHIP,),
        "Whether relatives and friends were considered first for the other children is in their "
        "case records.",
    ),
    _clause(
        "22C(8)(a)",
        "The placement allows the child to live near home.",
        "It takes home and placement postcodes in the SSDA903 returns.",
        (of.NEAR_HOME, of.MEDIAN_MILES, of.NOT_KNOWN),
    ),
    _clause(
        "22C(8)(b)",
        "The placement does not disrupt the child's education or training.",
        "It takes school moves beside placement moves: the school census or the virtual school's "
        "list, with the child, school and dates. The returns do not hold schools.",
    ),
    _clause(
        "22C(8)(c)",
        "The placement enables brothers and sisters who are looked after to live together.",
        "It takes circumstances.csv with sibling_group_id for each child.",
        (of.SIBLINGS_TOGETHER, of.SIBLINGS_APART),
        "Which of those apart should live together is in their care plans.",
    ),
    _clause(
        "22C(8)(d)",
        "The accommodation of a disabled child is suitable to that child's particular needs.",
        "It takes circumstances.csv with is_disabled; and, of each placement, its adaptations and "
        "the carers' training.",
        (of.FAR_DISABLED, of.MOVED_DISABLED),
        "Where disabled children live, and how often they move, does not say whether the place "
        "is suitable: that takes its adaptations, the carers' training and the child's reviews.",
    ),
    _clause(
        "22C(9)",
        "The placement is within the authority's area, unless that is not reasonably practicable.",
        "It takes placement postcodes in the SSDA903 returns, and the area's postcodes in the "
        "reference store.",
        (of.IN_AREA, of.BORDER),
        "Whether a place in the area was reasonably practicable for those outside is in the "
        "record of each placement decision.",
    ),
)
