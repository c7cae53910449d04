"""Roughly where England is, and the land beside it that no boundary file of England has.

What is here tells the sea from such land, and says where neither can be told. Kilometres of
the British National Grid, right to a few.
"""

from __future__ import annotations

from collections.abc import Sequence

import shapely
from shapely.geometry.base import BaseGeometry

from sufficiency_lib.publish.maps_view import polygons_of

#: Headlands and ports from Berwick clockwise to the Solway, then the border.
_COAST_KM = (
    (400, 653), (418, 635), (427, 604), (437, 569), (441, 557), (453, 533), (462, 525),
    (490, 511), (505, 488), (525, 470), (518, 466), (521, 447), (534, 428), (540, 410),
    (528, 410), (551, 385), (557, 363), (540, 340), (550, 330), (560, 325), (567, 341),
    (592, 345), (622, 342), (638, 331), (653, 307), (655, 293), (651, 276), (647, 256),
    (630, 234), (618, 215), (602, 192), (588, 185), (592, 175), (611, 167), (635, 171),
    (640, 169), (638, 152), (632, 141), (623, 136), (609, 117), (582, 109), (574, 107),
    (559, 95), (547, 98), (531, 104), (498, 100), (486, 92), (470, 98), (450, 75), (430, 85),
    (409, 91), (403, 77), (396, 75), (368, 68), (334, 91), (313, 87), (300, 80), (295, 56),
    (283, 37), (272, 36), (248, 50), (200, 39), (182, 31), (170, 11), (134, 25), (152, 41),
    (185, 76), (205, 89), (223, 128), (252, 148), (286, 149), (307, 144), (330, 149),
    (331, 161), (346, 177), (355, 189), (352, 212), (325, 235), (325, 290), (335, 330),
    (335, 375), (321, 389), (327, 407), (333, 418), (330, 436), (333, 449), (340, 461),
    (317, 463), (308, 496), (294, 514), (303, 537), (310, 554), (332, 567), (375, 625),
)  # fmt: skip

#: Headlands of other land, and well into England along a border, where the outlines cover it.
_BESIDE_KM = {
    "Wales": (
        (354, 187), (332, 182), (320, 169), (311, 165), (291, 167), (280, 176), (274, 187),
        (263, 186), (239, 186), (235, 203), (213, 199), (197, 192), (187, 194), (178, 202),
        (170, 209), (171, 228), (189, 242), (213, 251), (226, 254), (238, 262), (257, 283),
        (259, 298), (258, 316), (255, 330), (256, 336), (237, 333), (232, 325), (211, 320),
        (211, 327), (229, 343), (242, 359), (230, 372), (219, 382), (228, 395), (248, 396),
        (257, 385), (266, 383), (276, 386), (285, 382), (301, 384), (312, 387), (326, 375),
        (337, 369), (350, 370), (362, 340), (362, 190),
    ),
    "Scotland": (
        (335, 567), (319, 562), (297, 552), (268, 541), (246, 532), (232, 547), (217, 528),
        (198, 553), (196, 574), (216, 597), (231, 622), (220, 648), (190, 640), (158, 605),
        (118, 638), (60, 700), (60, 960), (226, 977), (340, 975), (318, 900), (400, 870),
        (414, 846), (397, 806), (375, 757), (365, 735), (365, 708), (335, 690), (355, 687),
        (369, 681), (392, 671), (397, 664), (401, 657), (405, 640), (400, 600), (370, 560),
    ),
    "the Isle of Man": (
        (247, 506), (252, 491), (240, 473), (228, 464), (214, 464), (221, 485), (236, 501),
    ),
    "Ireland": (
        (180, 520), (172, 545), (160, 575), (140, 608), (60, 645), (-200, 700), (-200, 200),
        (60, 252), (101, 260), (112, 300), (114, 340), (129, 392), (128, 450), (166, 488),
    ),
    "France": (
        (557, -300), (557, -38), (575, -8), (622, 8), (648, 45), (653, 73), (651, 95),
        (649, 111), (656, 116), (669, 124), (690, 132), (740, 145), (1300, 300), (1300, -300),
    ),
}  # fmt: skip


def _of_km(points: Sequence[tuple[float, float]]) -> BaseGeometry:
    return shapely.transform(shapely.Polygon(points), lambda km: km * 1000)


ENGLAND: BaseGeometry = _of_km(_COAST_KM)

#: Name → where it is, or the sea by it.
BESIDE: dict[str, BaseGeometry] = {name: _of_km(points) for name, points in _BESIDE_KM.items()}

#: The most land that may be in what is taken for sea, as a share: the coast is only rough.
_LAND_IN_SEA = 0.15


def the_sea(outside: BaseGeometry) -> BaseGeometry:
    """Of the ground that no outline covers, the parts that are all but wholly off the coast.

    >>> channel, inland = shapely.box(520e3, 70e3, 540e3, 103e3), shapely.box(4e5, 3e5, 41e4, 31e4)
    >>> the_sea(shapely.union_all([channel, inland])).equals(channel)
    True
    """
    return shapely.union_all([
        part for part in polygons_of(outside)
        if part.intersection(ENGLAND).area < _LAND_IN_SEA * part.area
    ])
