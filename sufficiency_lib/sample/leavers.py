"""What OC3 says of care leavers: contact, activity and home, near England's published shares."""

from __future__ import annotations

import numpy as np

from sufficiency_lib.sample.shares import Choices, among, in_shares

CONTACT: Choices[str] = (
    ("YES", 0.925), ("NO", 0.03), ("REFU", 0.025), ("NREQ", 0.012), ("RHOM", 0.008),
)  # fmt: skip
STILL_KNOWN_SHARE = 0.35
"""How often the council knows of somebody with whom it is not in touch."""
OLDER_FROM = 19
ACTIVITY: dict[bool, Choices[str]] = {
    False: (
        ("F1", 0.015), ("F2", 0.4), ("P2", 0.05), ("F4", 0.04), ("P4", 0.015), ("F5", 0.09),
        ("P5", 0.05), ("G4", 0.06), ("G5", 0.24), ("G6", 0.04),
    ),
    True: (
        ("F1", 0.065), ("P1", 0.01), ("F2", 0.14), ("P2", 0.045), ("F4", 0.035), ("P4", 0.01),
        ("F5", 0.2), ("P5", 0.06), ("G4", 0.13), ("G5", 0.2), ("G6", 0.105),
    ),
}  # fmt: skip
HOME: dict[bool, Choices[str]] = {
    False: (
        ("B1", 0.15), ("Z1", 0.16), ("C1", 0.12), ("D1", 0.32), ("E1", 0.03), ("T1", 0.03),
        ("U1", 0.07), ("K1", 0.02), ("Y1", 0.015), ("X2", 0.03), ("S2", 0.012), ("V2", 0.012),
        ("W2", 0.012), ("B2", 0.012), ("D2", 0.012), ("G1", 0.004),
    ),
    True: (
        ("B1", 0.11), ("Z1", 0.07), ("C1", 0.06), ("D1", 0.15), ("E1", 0.02), ("T1", 0.02),
        ("U1", 0.41), ("K1", 0.02), ("Y1", 0.02), ("X2", 0.032), ("W2", 0.022), ("S2", 0.014),
        ("V2", 0.012), ("B2", 0.01), ("U2", 0.012), ("D2", 0.006), ("Y2", 0.006), ("H1", 0.004),
    ),
}  # fmt: skip
"""Suitable homes end in 1; custody, emergencies and no home at all are not suitable."""


def answers(ages: list[int], rng: np.random.Generator) -> list[list[str]]:
    """IN_TOUCH, ACTIV and ACCOM for care leavers of some ages; 0 where it is not known."""
    rows: list[list[str]] = [[] for _ in ages]
    for older in (False, True):
        here = [number for number, age in enumerate(ages) if (age >= OLDER_FROM) == older]
        touch = in_shares(CONTACT, len(here), rng)
        lost = [said in ("NO", "REFU") for said in touch]
        found = among(lost, STILL_KNOWN_SHARE, rng)
        known = [f or not gone for f, gone in zip(found, lost, strict=True)]
        activity = _if_known(ACTIVITY[older], known, rng)
        home = _if_known(HOME[older], known, rng)
        for number, *said in zip(here, touch, activity, home, strict=True):
            rows[number] = said
    return rows


def _if_known(choices: Choices[str], known: list[bool], rng: np.random.Generator) -> list[str]:
    drawn = iter(in_shares(choices, sum(known), rng))
    return [next(drawn) if one else "0" for one in known]
