"""The columns of the forecast."""

from sufficiency_lib.fields.field import Row

_METRIC = "measure"
_FUTURES = "Of the simulated futures."
_LOW, _MIDDLE, _HIGH = (
    "One future in ten is lower.", "The middle future.", "One future in ten is higher.",
)  # fmt: skip
_PRICES = "In the prices of the first date."


def _range(what: str, unit: str, name: str, prices: str = "") -> tuple[Row, ...]:
    """The mean of a quantity and the ends and middle of its range."""
    said = (("mean", "Mean", _FUTURES), ("p10", "Low (P10)", _LOW),
            ("p50", "Middle (P50)", _MIDDLE), ("p90", "High (P90)", _HIGH))  # fmt: skip
    return tuple(
        (f"{short}_{name}", f"{label}, {what}", "integer", unit, None,
         f"{meaning} {prices}".strip(), _METRIC)
        for short, label, meaning in said
    )


# name | label | kind | unit | codes | description | source
ROWS: tuple[Row, ...] = (
    ("scenario", "Scenario", "text", None, None, "What is assumed.", _METRIC),
    ("date", "Date", "date", None, None, "", _METRIC),
    ("children_today", "Today", "integer", "children", None,
     "Children on the day the forecast starts from, on whom the row rests.", _METRIC),
    ("mean", "Mean", "number", "children", None, _FUTURES, _METRIC),
    ("p10", "Low (P10)", "number", "children", None, _LOW, _METRIC),
    ("p50", "Middle (P50)", "number", "children", None, _MIDDLE, _METRIC),
    ("p90", "High (P90)", "number", "children", None, _HIGH, _METRIC),
    ("difference_children", "Against no change", "number", "children", None,
     "The mean less the mean without a change.", _METRIC),
    ("difference_gbp_per_year", "Against no change, £ a year", "integer", "£", None,
     "The mean less the mean without a change.", _METRIC),
    *_range("nights", "nights", "nights"),
    *_range("£ a month", "£", "gbp_per_month", _PRICES),
    *_range("£ a year", "£", "gbp_per_year", _PRICES),
    ("provider_side", "Provision", "text", None, None,
     "own, public, independent, or none (parents, or not recorded).", _METRIC),
    ("cost_source", "From", "text", None, None, "Where the weekly cost is from.", _METRIC),
    ("origin", "Made on", "date", None, None, "What is known ends here.", _METRIC),
    ("horizon_months", "Months ahead", "integer", "months", None, "After the origin.", _METRIC),
    ("actual", "What came", "integer", "children", None, "Children on the day.", _METRIC),
    ("same_as_today", "Same as today", "integer", "children", None,
     "The forecast that nothing changes.", _METRIC),
    ("straight_line", "Straight line", "number", "children", None,
     "The line through the year ends before the origin; of all children only.", _METRIC),
    ("forecasts", "Forecasts", "integer", None, None, "Past forecasts that are averaged.",
     _METRIC),
    ("error_pct", "Error of the forecast", "number", "%", None,
     "Mean absolute error of the middle future, of what came.", _METRIC),
    ("same_as_today_error_pct", "Error of same as today", "number", "%", None,
     "Mean absolute error, of what came.", _METRIC),
    ("straight_line_error_pct", "Error of a straight line", "number", "%", None,
     "Mean absolute error, of what came.", _METRIC),
    ("held_pct", "Interval held", "number", "%", None,
     "Of past forecasts, those whose 80% interval held what came.", _METRIC),
    ("capacity_places", "Places", "integer", "places", None,
     "That the council can count on; blank: not known.", _METRIC),
    ("capacity_source", "Places from", "text", None, None, "profile or carers.", _METRIC),
    ("largest_month_p50", "Fullest month, half", "integer", "children", None,
     "Half of futures stay at or below it all year.", _METRIC),
    ("largest_month_p90", "Fullest month, 90%", "integer", "children", None,
     "90% of futures stay at or below it all year.", _METRIC),
    ("largest_month_p95", "Fullest month, 95%", "integer", "children", None,
     "95% of futures stay at or below it all year.", _METRIC),
    ("chance_over_capacity_pct", "Chance over the places", "number", "%", None,
     "Of futures in which a month of the year has more children than there are places.", _METRIC),
    ("usual_children", "Usual", "number", "children", None,
     "Mean of the year's months over all futures.", _METRIC),
    ("places_hold_90", "Places for 90%", "integer", "places", None,
     "That are enough all year in 90% of futures.", _METRIC),
    ("places_hold_95", "Places for 95%", "integer", "places", None,
     "That are enough all year in 95% of futures.", _METRIC),
    ("standby_90", "Standby for 90%", "integer", "places", None,
     "Places for 90% of futures less the usual number of children.", _METRIC),
    ("standby_95", "Standby for 95%", "integer", "places", None,
     "Places for 95% of futures less the usual number of children.", _METRIC),
    ("short_90", "Short for 90%", "integer", "places", None,
     "By which the places fall short of those for 90% of futures.", _METRIC),
    ("short_95", "Short for 95%", "integer", "places", None,
     "By which the places fall short of those for 95% of futures.", _METRIC),
    ("turning_age", "Turning", "integer", None, None, "16 or 18, while looked after.", _METRIC),
    ("todays_children", "Of today's children", "integer", "children", None,
     "As if none left and none came.", _METRIC),
    ("need_family", "Need", "text", None, None,
     "The need for which the child came into care, in a few groups.", _METRIC),
    ("line", "Line", "text", None, None,
     "history, a scenario, or backtest: what a past forecast said.", _METRIC),
    ("children_at_start", "Children at the start", "integer", "children", None,
     "On the day the line looks ahead from, on whom its range rests.", _METRIC),
    ("target_date", "By", "date", None, None, "The day of the target.", _METRIC),
    ("value_p10", "Low (P10)", "number", None, None, _LOW, _METRIC),
    ("value_p50", "Middle (P50)", "number", None, None, _MIDDLE, _METRIC),
    ("value_p90", "High (P90)", "number", None, None, _HIGH, _METRIC),
    ("chance_met_pct", "Chance of meeting it", "number", "%", None,
     "Of futures that meet the target on its day.", _METRIC),
)
