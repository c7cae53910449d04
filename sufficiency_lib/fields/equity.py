"""The columns of the measures that compare groups of children."""

from sufficiency_lib.fields.field import Row

_METRIC = "measure"

# name | label | kind | unit | codes | description | source
ROWS: tuple[Row, ...] = (
    ("outcome_compared", "What is compared", "text", None, None,
     "far, out_of_area, residential, other_setting or moved_often.", _METRIC),
    ("with_outcome", "With it", "integer", "children", None,
     "Children of the row of whom it is so.", _METRIC),
    ("without_outcome", "Without it", "integer", "children", None,
     "Children of the row of whom it is not so; not known is in neither.", _METRIC),
    ("low_pct", "Rate, low", "number", "%", None, "Low end of the 95% interval (Wilson).",
     _METRIC),
    ("high_pct", "Rate, high", "number", "%", None, "High end of the 95% interval (Wilson).",
     _METRIC),
    ("reference_children", "Other children", "integer", "children", None,
     "Those whom the cohort is set against: all others of whom the outcome is known.", _METRIC),
    ("reference_with_outcome", "Others with it", "integer", "children", None, "", _METRIC),
    ("reference_without_outcome", "Others without it", "integer", "children", None, "", _METRIC),
    ("reference_rate_pct", "Rate of the others", "number", "%", None, "Of those known.", _METRIC),
    ("left_out", "Left out", "integer", "children", None,
     "Looked after, but how it is with them is not known.", _METRIC),
    ("difference_points", "Difference in percentage points", "number", "points", None,
     "Rate of the cohort less rate of the others.", _METRIC),
    ("low_points", "Difference, low", "number", "points", None,
     "Low end of the 95% interval (Newcombe).", _METRIC),
    ("high_points", "Difference, high", "number", "points", None,
     "High end of the 95% interval (Newcombe).", _METRIC),
    ("rate_ratio", "Ratio of the rates", "number", "times", None,
     "Rate of the cohort over rate of the others; z where the others' is 0.", _METRIC),
    ("low_ratio", "Ratio, low", "number", "times", None,
     "Low end of the 95% interval (Miettinen and Nurminen's score).", _METRIC),
    ("high_ratio", "Ratio, high", "number", "times", None,
     "High end of the 95% interval (Miettinen and Nurminen's score).", _METRIC),
    ("p_adjusted", "Chance, if alike", "text", None, None,
     "Band of the p-value, after Holm over all comparisons of the table.", _METRIC),
    ("reading", "Reading", "text", None, None,
     "more_likely, less_likely, no_clear_difference, too_few, nobody or not_recorded; "
     "rests on p_adjusted.",
     _METRIC),
    ("term", "Children", "text", None, None,
     "A cohort in the model, each against all other children; ages against under 10.", _METRIC),
    ("model", "Model", "text", None, None,
     "fitted, or why there is none: term_left_out, too_few, too_sparse, separated.", _METRIC),
    ("odds_ratio", "Odds ratio", "number", "times", None,
     "Odds of the cohort over odds of the others, all other terms alike.", _METRIC),
    ("low_odds_ratio", "Odds ratio, low", "number", "times", None,
     "Low end of the 95% interval (Wald).", _METRIC),
    ("high_odds_ratio", "Odds ratio, high", "number", "times", None,
     "High end of the 95% interval (Wald).", _METRIC),
)
