"""A year worked out with a pencil and a calendar: when each task of `verification/calendar` ends.

The officer takes the files in turn, on working days from 9 to 17, and not on 6 April, 1 May or 8 May 2026; the committee
meets on the first Monday of the month, or on the Tuesday after Easter Monday, and has one seat; the statutory clock
does not count the day of the event, stops from 22 December to 7 January, and ends a period at 23:59.
"""

from __future__ import annotations

from datetime import datetime

import numpy as np

from sim.verification.observed import Sample, Totals

DATES_BY_HAND = {
    "review": ("2026-04-16 23:59", "2026-05-15 23:59", "2026-05-19 23:59", "2027-01-19 23:59"),
    "opinion": ("2026-04-07 09:00", "2026-05-04 09:00", "2026-06-01 09:00", "2027-01-04 09:00"),
    "draft": ("2026-04-03 17:00", "2026-05-05 17:00", "2026-05-11 17:00", "2026-12-22 17:00"),
    "signature": ("2026-04-13 17:00", "2026-05-12 17:00", "2026-05-18 17:00", "2026-12-29 17:00"),
    "opening": ("2026-04-17 17:00", "2026-05-18 17:00", "2026-06-01 17:00", "2027-01-20 17:00"),
}
"""By task, for the trials that arrive at 00:00 of 1 April, 30 April, 4 May and 18 December 2026."""


def on_their_dates(sample: Sample) -> Totals:
    """How many of the tasks ended at the minute that was found by hand."""
    origin = datetime.combine(sample.run.network.origin, datetime.min.time())
    right = 0
    for task, dates in DATES_BY_HAND.items():
        expected = [(datetime.fromisoformat(date) - origin).total_seconds() / 60 for date in dates]
        right += int(np.sum(sample.run.timelines.end[sample.run.rows_of(task)] == expected))
    return float(right), 1.0
