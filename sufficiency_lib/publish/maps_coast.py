"""Roughly where England is, to tell the sea from land that a boundary file does not have.

Nothing is drawn from it. A file with all of England tells the sea by itself.
"""

from __future__ import annotations

import shapely
from shapely.geometry.base import BaseGeometry

from sufficiency_lib.publish.maps_drawing import polygons_of

#: Headlands and ports from Berwick clockwise to the Solway, then the border: kilometres of the
#: British National Grid, right to a few.
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

ENGLAND: BaseGeometry = shapely.transform(shapely.Polygon(_COAST_KM), lambda km: km * 1000)

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
