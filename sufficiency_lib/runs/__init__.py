"""Running the notebooks for one authority after another.

``plan`` says what would be run and why; ``pool`` runs authorities side by side, each in its own
process; ``execute`` runs one authority's notebooks and builds its folder aside; ``outputs`` moves
that folder into place; ``manifest`` remembers what happened; ``conduct`` puts them together.
"""
