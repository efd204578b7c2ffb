"""Adverse events and deaths recounted from the forms."""

import math
from datetime import timedelta
from importlib.resources import files
from urllib.parse import quote_plus

from scipy.stats import beta, binomtest, chi2, norm

from tests.double.recount.raw import counted, day_of, in_columns, plainly
from tests.generative.naive_safety import CRITERIA, new, serious

RELATED = ("possible", "probable", "definite")
RELATIONS = ("unrelated", "unlikely", *RELATED)
QUESTIONS = ("any", "severe", "grade_4", "fatal", "serious", "related", "severe_related", "serious_related")
LEVELS = {"severe": 3, "severe_related": 3, "grade_4": 4, "fatal": 5}


class Event:
    """One adverse event of one person."""

    def __init__(self, person, form, protocol):
        self.person, self.form, self.values = person, form, form.values
        conditions = [(one.seq, one.values) for one in person.forms("baseline_condition")]
        self.counts = new(self.values, conditions, person.start)
        self.worst = max(int(row["grade"]) for row in self.values["course"])
        self.serious = serious(self.values)
        self.fatal = self.worst == 5 or (self.serious and self.values.get("death") is True)
        self.relations = {row["intervention"]: row["relation"] for row in self.values["attribution"]}
        self.onset = day_of(self.values["onset"])
        self.given = given_by(person, protocol, self.onset)
        self.term = self.values["term"]

    def related(self):
        """True, False, or None where a treatment was given and is not rated."""
        treatments = {name for name in self.relations if name not in ("disease", "other")}
        if any(self.relations[name] in RELATED for name in treatments):
            return True
        return None if self.given - set(self.relations) else False

    def answer(self, question):
        """As ``related``, of one of the questions."""
        if question == "any":
            return True
        if question in ("severe", "grade_4"):
            return self.worst >= LEVELS[question]
        if question in ("fatal", "serious"):
            return getattr(self, question)
        other = {"related": True, "severe_related": self.worst >= 3, "serious_related": self.serious}[question]
        return other and self.related()

    def began(self, level):
        """The first day since randomization with such a grade, worse than before it."""
        start = self.person.start
        graded = [(day_of(row["day"]), int(row["grade"])) for row in self.values["course"]]
        before = max((grade for day, grade in graded if day < start), default=0)
        since = [day for day, grade in graded if day >= start and grade >= max(level, before + 1)]
        since += [self.onset] if before == 0 and level <= 1 else []
        return max(start, min(since, default=self.onset))


def given_by(person, protocol, day):
    """The interventions that had begun by a day, by the sheet of the study."""
    found = set()
    for name, one in protocol.plan.safety.interventions.items():
        for by in one.given:
            for form in person.forms(by.reads):
                began = form.day({"surgery": "performed", "metastasis_resection": "performed"}.get(by.reads, "started"))
                said = {form.values.get("regimen"), *(row["agent"] for row in form.values.get("agents", ()))}
                if began and began <= day and (not by.codes or said & set(by.codes)):
                    found.add(name)
    return found


def _events(world):
    return {
        one.name: [Event(one, form, world.protocol) for form in one.forms("adverse_event")] for one in world.randomized
    }


def events_of(world):
    """The events of everybody by name, read once."""
    if "events" not in world.kept:
        world.kept["events"] = _events(world)
    return world.kept["events"]


def overview(world):
    found, columns, told = events_of(world), world.safe, {}
    for asked in QUESTIONS:
        answers = {name: [one.answer(asked) for one in some if one.counts] for name, some in found.items()}
        told |= in_columns(asked, columns, lambda who, a=answers: any(one is True for one in a[who.name]))
        told |= in_columns(
            f"{asked}/not_recorded",
            columns,
            lambda who, a=answers: (
                any(one is None for one in a[who.name]) and not any(one is True for one in a[who.name])
            ),
        )
    codes = {one.values.get("action") for some in found.values() for one in some} | set(_actions(world))
    for code in codes - {"none"}:
        told |= in_columns(
            f"action/{code or 'not_recorded'}",
            columns,
            lambda who, code=code: any(one.counts and one.values.get("action") == code for one in found[who.name]),
        )
    told |= in_columns(
        "action/not_recorded",
        columns,
        lambda who: any(one.counts and "action" not in one.values for one in found[who.name]),
    )
    for place, some in enumerate(columns):
        told["events", place] = {"events": sum(one.counts for who in some for one in found[who.name])}
    told |= plainly("before", columns, lambda who: any(not one.counts for one in found[who.name]))
    told |= plainly("unclear", columns, lambda who: False)
    return told | plainly("elsewhere", columns, lambda who: who.treated[0] != who.arm)


def _actions(world):
    form = next(one for one in world.protocol.plan.forms.values() if one.reads == "adverse_event")
    return form.fields["action"].type.codes


def rates(world):
    """Rates and their ratio: Garwood's exact interval; the ratio by the exact binomial."""
    found, told = events_of(world), {}
    for asked in QUESTIONS:
        risks = [_at_risk(asked, some, found) for some in world.safe]
        for place, (many, years) in enumerate(risks):
            told[asked, place] = {"people": many, "years": years}
            if years:
                told[asked, place] |= {
                    "rate": 100 * many / years,
                    "low": 100 * chi2.ppf(0.025, 2 * many) / 2 / years if many else 0.0,
                    "high": 100 * chi2.ppf(0.975, 2 * many + 2) / 2 / years,
                }
        told[asked, 3] = _ratio(*risks[0], *risks[1]) if risks[0][1] and risks[1][1] else {}
    return told


def _at_risk(asked, some, found):
    many, days = 0, 0
    for who in some:
        those = [one for one in found[who.name] if one.counts and one.answer(asked) is True]
        first = min((one.began(LEVELS.get(asked, 1)) for one in those), default=None)
        days += ((first or who.observed_until) - who.start).days + 1
        many += first is not None
    return many, days / 365.25


def _ratio(control, time, experimental, other):
    """Clopper and Pearson of the share of the events that fell on the experimental arm, turned into a ratio; p: all
    outcomes that are no likelier than this one (as binom.test of R)."""
    whole = control + experimental
    share = other / (time + other)
    told = {"ratio": (experimental / other) / (control / time) if control else None}
    if not whole:
        return told | {"low": 0.0, "high": None, "p": 1.0}
    low = beta.ppf(0.025, experimental, control + 1) if experimental else 0.0
    high = beta.ppf(0.975, experimental + 1, control) if control else 1.0
    told["low"] = low / (1 - low) * time / other
    told["high"] = high / (1 - high) * time / other if control else None
    return told | {"p": binomtest(experimental, whole, share).pvalue}


# ---- terms ------------------------------------------------------------------------------------------


def _soc(world):
    """The class of each term, from the file of the dictionary."""
    version = world.protocol.plan.safety.ctcae.partition(".")[0]
    told, now = {}, ""
    for line in (files("evenhand.oncology.ctcae") / f"terms_v{version}.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            now = line.strip("[]")
        elif " | " in line:
            told[line.partition(" | ")[0]] = now
    return told


def _kinds(world):
    """Each row of the tables of terms: the id, and the terms that it is of."""
    soc = _soc(world)
    named = {one.term for some in events_of(world).values() for one in some if one.counts}
    told = {}
    for name in named:
        told.setdefault(quote_plus(soc[name]).casefold(), set()).add(name)
        told["/".join(map(quote_plus, (soc[name], name))).casefold()] = {name}
    return told


def _worst(world, who, terms):
    return max((one.worst for one in events_of(world)[who.name] if one.counts and one.term in terms), default=0)


def terms(world):
    told = {}
    for row, those in _kinds(world).items():
        for place, some in enumerate(world.safe):
            grades = [_worst(world, who, those) for who in some]
            told[row, 2 * place] = counted(sum(one > 0 for one in grades), len(some))
            told[row, 2 * place + 1] = counted(sum(one >= 3 for one in grades), len(some))
    return told


def grades_in(column):
    def recount(world):
        told, some = {}, world.safe[column]
        for row, those in _kinds(world).items():
            grades = [_worst(world, who, those) for who in some]
            wanted = [lambda one: one > 0, *(lambda one, g=g: one == g for g in range(1, 6)), lambda one: one >= 3]
            told |= {(row, place): counted(sum(map(ask, grades)), len(some)) for place, ask in enumerate(wanted)}
        return told

    return recount


def differences(world):
    """The share of each arm, and the difference of the experimental one less the control."""
    told = {}
    for row, those in _kinds(world).items():
        many = [(sum(_worst(world, who, those) > 0 for who in some), len(some)) for some in world.safe[:2]]
        if "/" not in row or not any(whole and number >= 0.05 * whole for number, whole in many):
            continue
        for tail, least in (("", 1), ("/severe", 3)):
            pairs = [(sum(_worst(world, who, those) >= least for who in some), len(some)) for some in world.safe[:2]]
            told |= {(row + tail, place): counted(*pair) for place, pair in enumerate(pairs)}
            told[row + tail, 2] = difference(*pairs[1], *pairs[0])
    return told


def difference(one, of_one, other, of_other):
    """The first share less the second, and Newcombe's interval by Wilson's (method 10), each end of which is the root
    of the score, found by bisection."""
    if not of_one or not of_other:
        return {"difference": None, "low": None, "high": None}
    first, second = one / of_one, other / of_other
    (low, high), (below, above) = _wilson(first, of_one), _wilson(second, of_other)
    return {
        "difference": first - second,
        "low": first - second - math.hypot(first - low, above - second),
        "high": first - second + math.hypot(high - first, second - below),
    }


def _wilson(share, people):
    limit = norm.ppf(0.975)

    def near(p):
        return abs(share - p) <= limit * math.sqrt(p * (1 - p) / people)

    return _edge(near, share, 0.0), _edge(near, share, 1.0)


def _edge(near, inner, outer):
    """Where something that holds inside ceases to hold on the way out."""
    if near(outer):
        return outer
    for _ in range(80):
        half = (inner + outer) / 2
        inner, outer = (half, outer) if near(half) else (inner, half)
    return (inner + outer) / 2


# ---- relations, radiation, deaths -------------------------------------------------------------------


def relations(world):
    found, told = events_of(world), {}
    sides = (lambda one: True, lambda one: one.worst >= 3, lambda one: one.serious)
    for name in world.protocol.plan.safety.interventions:
        for place, (some, side) in enumerate((some, side) for some in world.safe[:2] for side in sides):
            mine = {who.name: [one for one in found[who.name] if one.counts and side(one)] for who in some}
            ratings = {who: [one.relations.get(name) for one in those] for who, those in mine.items()}
            yes = {who for who, those in ratings.items() if any(one in RELATED for one in those)}
            told[name, place] = counted(len(yes), len(some))
            for relation in RELATED:
                highest = (
                    max((RELATIONS.index(one) for one in those if one), default=-1) for those in ratings.values()
                )
                many = sum(one == RELATIONS.index(relation) for one in highest)
                told[f"{name}/{relation}", place] = counted(many, len(some))
            unsaid = sum(who not in yes and any(name in one.given and name not in one.relations for one in those)
                         for who, those in mine.items())  # fmt: skip
            told[f"{name}/not_recorded", place] = counted(unsaid, len(some))
    return told


def after_radiation(world):
    soc, found, told = _soc(world), events_of(world), {}
    acute_days = timedelta(days=world.protocol.plan.safety.acute_days)
    courses = {who.name: [day for day, _ in who.local(("locoregional_radiation", "metastasis_radiation"))]
               for who in world.safe[2]}  # fmt: skip
    acute = [who for who in world.safe[2] if courses[who.name]]

    def when(event):
        latest = max((day for day in courses[event.person.name] if day <= event.onset), default=None)
        return None if latest is None else "acute" if event.onset <= latest + acute_days else "late"

    late = [who for who in acute if who.observed_until > courses[who.name][0] + acute_days
            or any(when(one) == "late" for one in found[who.name])]  # fmt: skip
    for name in {one.term for who in acute for one in found[who.name] if one.counts}:
        row = "/".join(map(quote_plus, (soc[name], name))).casefold()
        for place, (which, some) in enumerate((("acute", acute), ("late", late))):
            worst = [max((one.worst for one in found[who.name]
                          if one.counts and one.term == name and when(one) == which), default=0)
                     for who in some]  # fmt: skip
            told[row, 2 * place] = counted(sum(one > 0 for one in worst), len(some))
            told[row, 2 * place + 1] = counted(sum(one >= 3 for one in worst), len(some))
    return told


def deaths(world):
    found, columns = events_of(world), world.safe
    told = in_columns("deaths", columns, lambda who: who.forms("death"))
    form = next(one for one in world.protocol.plan.forms.values() if one.reads == "death")
    for code in form.fields["cause"].type.codes:
        told |= in_columns(
            f"deaths/{code}",
            columns,
            lambda who, code=code: any(one.values.get("cause") == code for one in who.forms("death")),
        )
    return told | in_columns(
        "unrecorded",
        columns,
        lambda who: any(one.counts and one.fatal for one in found[who.name]) and not who.forms("death"),
    )


def death_list(world):
    labels = {arm.id: arm.label for arm in world.protocol.arms}
    form = next(one for one in world.protocol.plan.forms.values() if one.reads == "death")
    told = {}
    for who in world.safe[2]:
        for one in who.forms("death")[:1]:
            day, cause = one.day("died"), form.fields["cause"].type.codes[one.values["cause"]]
            cause += f": {one.values['other_cause']}" if one.values.get("other_cause") else ""
            cells = {
                "died": f"{day.day} {day:%b %Y}",
                "day": str((day - who.start).days + 1),
                "cause": cause,
                "arm": labels[who.treated[0]],
            }
            told |= {(who.name, place): {key: text} for place, (key, text) in enumerate(cells.items())}
    return told


def serious_list(world):
    labels, told = {arm.id: arm.label for arm in world.protocol.arms}, {}
    for who in world.safe[2]:
        for one in events_of(world)[who.name]:
            if one.serious and one.counts:
                texts = [*_of_event(world, one), labels[who.treated[0]], *_why(world, one)]
                row = f"{who.name}/{one.form.seq}"
                names = ("event", "days", "outcome", "because", "expected", "arm", "related", "narrative")
                told |= {(row, place): {names[place]: text} for place, text in enumerate(texts)}
    written = any(cell["narrative"] != "not recorded" for cell in told.values() if "narrative" in cell)
    return told if written else {key: cell for key, cell in told.items() if "narrative" not in cell}


def _of_event(world, one):
    """The event, its days, how it ended, why it is serious, whether it was expected."""
    fields = next(form for form in world.protocol.plan.forms.values() if form.reads == "adverse_event").fields
    yield f"{one.term}, grade {one.worst}"
    first = f"{one.onset.day} {one.onset:%b %Y} (day {(one.onset - one.person.start).days + 1})"
    ended = one.form.day("ended")
    yield f"{first} to {ended.day} {ended:%b %Y}" if ended else f"since {first}"
    yield fields["outcome"].type.codes[one.values["outcome"]]
    met = [name for name in CRITERIA if one.values.get(name) is True]
    met += ["death"] if one.worst == 5 and "death" not in met else []
    met = [name for name in met if name != "hospitalized" or one.values.get("planned_admission") is not True]
    yield ", ".join(fields[name].type.label.lower() for name in met)
    yield {True: "yes", False: "no"}.get(one.values.get("expected"), "not recorded")


def _why(world, one):
    """What it is related to, from the surest on, and what is told of it."""
    interventions = world.protocol.plan.safety.interventions
    rated = [(name, one.relations[name]) for name in interventions if one.relations.get(name) in RELATED]
    rated = [f"{interventions[name].label} ({relation})" for name, relation in rated]
    rated += sorted(f"{interventions[name].label} (not recorded)" for name in one.given - set(one.relations))
    yield ", ".join(rated) or "nothing"
    yield one.values.get("narrative") or "not recorded"


RECOUNTS = {
    "adverse_events": overview,
    "adverse_event_rates": rates,
    "adverse_event_terms": terms,
    "adverse_event_grades_usual": grades_in(0),
    "adverse_event_grades_local": grades_in(1),
    "adverse_event_differences": differences,
    "adverse_event_relations": relations,
    "adverse_events_after_radiation": after_radiation,
    "deaths": deaths,
    "death_list": death_list,
    "serious_events": serious_list,
}
