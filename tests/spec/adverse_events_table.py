"""Tables about adverse events that the tests hold the program to, and of which the manual's page is made."""

from decimal import Decimal as D

from evenhand.oncology.ctcae import Sample
from evenhand.protocol.plan.safety_rules import Duration
from evenhand.units import Range

# A sample, the baseline, the grades that are possible, and why there are several.
OPEN = [
    (Sample("neutrophils", D("1.7"), "10*9/L"), None, (0, 1), ["lower limit of normal is not recorded"]),
    (Sample("neutrophils", D("1.2"), "10*9/L"), None, (2,), []),
    (Sample("alt", 10_000, "U/L"), None, (0, 1, 2, 3, 4), ["upper limit of normal", "no baseline value"]),
    (Sample("alt", 39, "U/L", None, 40), None, (0,), []),
    (Sample("alt", 60, "U/L", None, 40), None, (0, 1), ["no baseline value"]),
    (Sample("alt", 170, "U/L", None, 40), None, (0, 1, 2), ["no baseline value"]),
    (Sample("alt", 170, "U/L", None, 40), Sample("alt", 60, "U/L"), (1, 2), ["whether the baseline value was normal"]),
    (Sample("creatinine", 120, "umol/L", 50, 100), None, (1, 2, 3), ["no baseline value"]),
    (Sample("creatinine", 601, "umol/L", 50, 100), None, (4,), []),
    (Sample("creatinine", 301, "umol/L"), Sample("creatinine", 90, "umol/L"), (3, 4), ["upper limit of normal"]),
    (Sample("lvef", 45, "%"), None, (2, 3), ["no baseline value"]),
    (Sample("lvef", 19, "%"), None, (4,), []),
    (Sample("inr", D("2.6"), "1"), Sample("inr", D("2.5"), "1"), (1, 3), ["takes anticoagulants is not recorded"]),
    (Sample("platelets", Range(high=50, high_open=True), "10*9/L", 150), None, (3, 4), ["known only by bounds"]),
    (Sample("platelets", Range(high=20), "10*9/L", 150), None, (4,), []),
]

# When the site became aware, how long there is, and the last moment. 14 August 2026 is a Friday; clocks in New York
# change on 8 March and 1 November 2026.
DUE: list[tuple[str, int, Duration, str]] = [
    ("2026-08-15 16:30", 24, "hours", "2026-08-16 16:30"),
    ("2026-08-15 00:00", 1, "days", "2026-08-16 24:00"),
    ("2026-08-15 23:59", 1, "days", "2026-08-16 24:00"),  # the day of awareness is day 0, at whatever hour
    ("2026-08-15 16:30", 7, "days", "2026-08-22 24:00"),
    ("2026-08-15 16:30", 15, "days", "2026-08-30 24:00"),
    ("2026-02-25 10:00", 5, "days", "2026-03-02 24:00"),
    ("2028-02-25 10:00", 5, "days", "2028-03-01 24:00"),  # a leap year
    ("2026-12-28 10:00", 7, "days", "2027-01-04 24:00"),
    # working days: 14 August 2026 is a Friday
    ("2026-08-14 09:00", 1, "working_days", "2026-08-17 24:00"),
    ("2026-08-14 09:00", 5, "working_days", "2026-08-21 24:00"),
    ("2026-08-15 09:00", 1, "working_days", "2026-08-17 24:00"),
    ("2026-08-16 09:00", 5, "working_days", "2026-08-21 24:00"),
    ("2026-08-17 09:00", 5, "working_days", "2026-08-24 24:00"),
    # 24 hours are 24 hours when clocks change (8 March and 1 November 2026)
    ("2026-03-07 12:00", 24, "hours", "2026-03-08 13:00"),
    ("2026-10-31 12:00", 24, "hours", "2026-11-01 11:00"),
]
