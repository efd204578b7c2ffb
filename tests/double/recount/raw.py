"""The record read a second time, from the JSON of its entries alone: who was randomized, and what every form says.

Nothing here knows a room of the house. What stands at a cut: whatever was recorded by its moment, of what had happened
by its day; a correction takes the place of what it corrects.
"""

import json
from calendar import monthrange
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property

ABOUT_ENTRIES = {
    *("forms_signed", "source_verified", "forms_locked", "forms_unlocked"),
    *("query_opened", "query_answered", "query_closed"),
}
EVIDENCE = {"facts_recorded", "attested"}
LOCAL = {
    "surgery": "performed",
    "locoregional_radiation": "started",
    "metastasis_radiation": "started",
    "metastasis_resection": "performed",
}
"""The forms of local therapy, and the field of each that says when it began."""


def day_of(text):
    """A whole day, or None where the text is no whole day."""
    return date.fromisoformat(text) if isinstance(text, str) and len(text) == 10 else None


def months_after(day, months):
    """So many calendar months later, at the end of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@dataclass
class Form:
    """What stands of one form: ``seq`` is the number of its first entry, ``latest`` the entry that holds now."""

    seq: int
    values: dict
    body: dict
    effective: date
    first_effective: date
    latest: dict

    def day(self, name):
        """A day that the form gives; None where it gives none."""
        return day_of(self.values.get(name))


@dataclass
class Person:
    """Somebody of whom anything is recorded. ``end``: the day and the sort of the end of follow-up, None while it
    goes on at the cut."""

    name: str
    until: date
    first: dict = field(default_factory=dict)
    kinds: dict = field(default_factory=lambda: defaultdict(list))
    arm: str | None = None
    start: date | None = None
    levels: dict = field(default_factory=dict)
    facts: list = field(default_factory=list)

    def forms(self, name):
        """The forms of a name that were filled in, in the order of their first entries."""
        return [one for one in self.kinds["form_entered"] if one.body["form"] == name and not one.body.get("not_done")]

    @cached_property
    def died(self):
        """The day of death."""
        return min((one.day("died") for one in self.forms("death") if one.day("died")), default=None)

    def signed(self, form):
        """Whether what a form says now has a signature."""
        named = {form.seq, form.latest["seq"]}
        return any(one.seq > form.latest["seq"] and named & {row["seq"] for row in one.body["entries"]}
                   for one in self.kinds["forms_signed"])  # fmt: skip

    @cached_property
    def progressed(self):
        """The first day of a progression that a clinician determined and signed."""
        given = [one for one in self.forms("response") if one.values.get("progressed") and self.signed(one)]
        return min((one.day("progressed_on") or one.day("assessed") for one in given), default=None)

    @cached_property
    def endings(self):
        """Every day on which follow-up ended by something, with what it was."""
        found = [(self.progressed, "progression"), (self.died, "death"), (months_after(self.start, 36), "completed")]
        found += [(one.effective, "consent_withdrawn") for one in self.kinds["consent_withdrawn"]]
        found += [(one.day("ended"), one.values["ending"]) for one in self.forms("disposition")
                  if one.values["ending"] in ("lost", "follow_up_stopped")]  # fmt: skip
        return sorted((one for one in found if one[0] is not None), key=lambda one: one[0])

    @cached_property
    def end(self):
        """The first of these that had come by the cut."""
        return next((one for one in self.endings if one[0] <= self.until), None)

    @cached_property
    def observed_until(self):
        """The last day on which an adverse event of the person could be seen."""
        return max(min(one for one in (self.until, self.end and self.end[0], self.died) if one), self.start)

    def local(self, forms=tuple(LOCAL)):
        """The local therapy that began from randomization on: the day and the form, in the order of the days."""
        given = [(one.day(LOCAL[name]), one) for name in forms for one in self.forms(name)]
        return sorted(((day, one) for day, one in given if day and day >= self.start), key=lambda one: one[0])

    @cached_property
    def treated(self):
        """The arm treated in, and whether treated at all."""
        regimens = self.forms("systemic_therapy")
        systemic = [one for one in regimens if one.day("stopped") is None or one.day("stopped") >= self.start]
        return ("local" if self.local() else "usual"), bool(self.local() or systemic)


@dataclass
class World:
    """Everybody at a cut. ``rows``: the exported datasets by name; ``judge``: the verdicts on somebody on a day;
    ``entries``: what was recorded by the cut, by number; ``reasons``: the names of the reasons for censoring."""

    people: list
    study: list
    until: date
    moment: datetime
    protocol: object
    rows: dict
    judge: object
    entries: dict
    reasons: dict
    kept: dict = field(default_factory=dict)

    @cached_property
    def randomized(self):
        """Everybody randomized, in that order."""
        some = [one for one in self.people if one.start]
        return sorted(some, key=lambda one: one.kinds["randomized"][0].seq)

    @cached_property
    def corrections(self):
        """How many corrections of forms there are of each person."""
        return Counter(
            one["subject"] for one in self.entries.values() if one["corrects"] and one["kind"] == "form_entered"
        )

    @property
    def arms(self):
        """Ids, control first."""
        return ("usual", "local")

    @cached_property
    def of_arms(self):
        """Everybody randomized, by the arm of allocation, then all."""
        return self.columns(self.randomized, lambda one: one.arm)

    @cached_property
    def safe(self):
        """The safety population, by the arm treated in, then all."""
        return self.columns([one for one in self.randomized if one.treated[1]], lambda one: one.treated[0])

    def columns(self, people, arm_of):
        """People of each arm, then everybody."""
        return [*([one for one in people if arm_of(one) == arm] for arm in self.arms), people]


def read(lines, protocol, until, moment, **more):
    """The world of the lines of a record, at the cut of a day and a moment; the rest as in ``World``."""
    entries = [one for one in map(json.loads, lines) if datetime.fromisoformat(one["recorded_at"]) <= moment]
    standing, people, study = {}, {}, []
    for one in entries:
        root = one["corrects"] or one["seq"]
        while root in standing and standing[root][0]["corrects"]:
            root = standing[root][0]["corrects"]
        standing[root] = (standing[root][0] if root in standing else one, one)
    for seq, (original, latest) in standing.items():
        form = _form(seq, original, latest)
        if original["kind"] not in ABOUT_ENTRIES and _happened(original, latest) > until:
            continue
        if original["subject"] is None:
            study.append((original["kind"], form))
            continue
        who = people.setdefault(original["subject"], Person(original["subject"], until, original))
        who.kinds[original["kind"]].append(form)
        _remember(who, original["kind"], form)
    by_number = {one["seq"]: one for one in entries}
    return World(list(people.values()), study, until, moment, protocol, entries=by_number, **more)


def _form(seq, original, latest):
    days = day_of(latest["effective"]), day_of(original["effective"])
    return Form(seq, latest["body"].get("values", {}), latest["body"], *days, latest)


def _happened(original, latest):
    """The day of an entry; a progression is of the day that it is dated to, evidence of its first day."""
    day = day_of(latest["effective"])
    if original["kind"] in EVIDENCE:
        return min(day, day_of(original["effective"]))
    dated = day_of(latest["body"].get("values", {}).get("progressed_on")) if "values" in latest["body"] else None
    return min(day, dated) if dated else day


def _remember(who, kind, form):
    if kind == "randomized":
        who.arm, who.start, who.levels = form.body["arm"], form.effective, form.body["levels"]
    if kind == "facts_recorded":
        who.facts += [(form.effective, one) for one in form.body["facts"]]


# ---- what cells hold --------------------------------------------------------------------------------


def counted(many, whole=None):
    """A count, with its share of a whole where there is one."""
    return {"count": many, "of": whole, "share": many / whole} if whole else {"count": many}


def in_columns(row, columns, holds, sizes=None):
    """A row: in each column how many people it holds for; ``sizes`` None: shares of the column."""
    whole = [len(one) for one in columns] if sizes is None else sizes
    numbers = (sum(map(bool, map(holds, some))) for some in columns)
    return {(row, place): counted(many, whole[place]) for place, many in enumerate(numbers)}


def plainly(row, columns, holds):
    """A row of counts without shares."""
    return in_columns(row, columns, holds, [None] * len(columns))


def middle(numbers):
    """Count, median and range."""
    given = sorted(numbers)
    if not given:
        return {"count": 0}
    half = len(given) // 2
    mid = given[half] if len(given) % 2 else (given[half - 1] + given[half]) / 2
    return {"count": len(given), "median": mid, "low": given[0], "high": given[-1]}


DAY = timedelta(days=1)
