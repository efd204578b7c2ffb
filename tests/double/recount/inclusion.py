"""Who takes part, and who is lost, by what describes people: recounted from the facts as they were sent."""

import re
from collections import defaultdict
from datetime import date

from scipy.stats import beta

from tests.double.recount.flow import became, declined, failed, last_day, reached, stage
from tests.double.recount.raw import DAY, counted, day_of, in_columns, months_after
from tests.double.recount.safety import difference

MONTH = 30.4375
RACES = (
    *("American Indian or Alaska Native", "Asian", "Native Hawaiian or Other Pacific Islander"),
    *("Black or African American", "White"),
)
SEVERAL, NOT_SAID = "More than one race", "Unknown or not reported"
ETHNICITIES = ("Not Hispanic or Latino", "Hispanic or Latino", NOT_SAID)


def slug(text):
    return re.sub(r"[^a-z0-9]+", "_", str(text).lower()).strip("_")


def said(who, name, until=None):
    """The values of a fact that was dated by a day (the first of an entry's own day where it has no date)."""
    rows = [(day_of(one["date"]) or day, one) for day, one in who.facts if one["fact"] == name]
    return [one for day, one in rows if until is None or day <= until]


def last(who, name):
    """What was said last of a fact that has one value."""
    rows = said(who, name, who.start)
    dated = [(one["date"] or "", place, one["value"]) for place, one in enumerate(rows)]
    return max(dated, key=lambda one: one[:2])[2] if dated else None


def listed(who, name):
    return [one["value"] for one in said(who, name) if "complete" not in one["value"]]


def age(who):
    """In whole years on the day when the birth was recorded, where all days that it may have been make the same age."""
    rows = said(who, "birth_date", who.start)
    if not rows:
        return None
    first, _, end = rows[-1]["value"].partition("/")
    on = day_of(rows[-1]["date"])
    ages = {_years(_edge(first, "-01"), on), _years(_edge(end or first, "-12"), on)}
    return ages.pop() if len(ages) == 1 else None


def _years(born, on):
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _edge(text, month):
    """The first or the last day of a day, a month or a year."""
    whole = text if len(text) > 4 else text + month
    if len(whole) > 7:
        return date.fromisoformat(whole)
    first = date.fromisoformat(whole + "-01")
    return first if month == "-01" else months_after(first, 1) - DAY


def age_group(who):
    years = age(who)
    if years is None:
        return None
    return "under 50" if years < 50 else "50 to 64" if years < 65 else "65 to 74" if years < 75 else "75 or older"


def sex(who):
    found = last(who, "sex")
    return None if found in (None, "unknown") else found


def races(who):
    named = [part.strip() for part in re.split("[,;|/]", last(who, "race") or "")]
    return [one for one in RACES if one in named]


def race(who):
    found = races(who)
    return SEVERAL if len(found) > 1 else found[0] if found else NOT_SAID


def ethnicity(who):
    found = last(who, "ethnicity")
    return found if found in ETHNICITIES else NOT_SAID


# ---- baseline ---------------------------------------------------------------------------------------


def her2(who):
    tests = listed(who, "her2_tests")
    if any(one.get("ihc") == 3 for one in tests):
        return "IHC 3+ in a specimen"
    amplified = any(float(one.get("ratio", 0)) >= 2 and float(one.get("copies", 0)) >= 4 for one in tests)
    return "positive without IHC 3+" if amplified else None


def baseline(world):
    columns = world.of_arms
    factors = {
        f"stratum_{factor.id}": {level.id: level.label for level in factor.levels}
        for factor in world.protocol.randomization.strata
    }
    answers = {
        "age_group": lambda who: [age_group(who)],
        "sex": lambda who: [sex(who)],
        "race": lambda who: [race(who)],
        "ethnicity": lambda who: [ethnicity(who)],
        "performance_status": lambda who: [last(who, "ecog")],
        "karnofsky": lambda who: [last(who, "kps")],
        "breast_primary": lambda who: [last(who, "breast_primary")],
        "estrogen_receptor": lambda who: [last(who, "estrogen_receptor")],
        "progesterone_receptor": lambda who: [last(who, "progesterone_receptor")],
        "her2": lambda who: [her2(who)],
        "metastases": lambda who: [len(listed(who, "metastases"))],
        "sites": lambda who: sorted({one["site"] for one in listed(who, "metastases")}),
        "first_line": lambda who: [(last(who, "first_line") or {}).get("regimen")],
    }
    for name, levels in factors.items():
        answers[name] = lambda who, name=name, levels=levels: [levels[who.levels[name.removeprefix("stratum_")]]]
    told = {}
    for name, ask in answers.items():
        given = {who.name: [_labelled(world, name, one) for one in ask(who) if one is not None] for who in columns[-1]}
        for value in {one for some in given.values() for one in some} | set(_always(world, name)):
            told |= in_columns(
                f"{name}_{slug(value)}", columns, lambda who, given=given, value=value: value in given[who.name]
            )
        if name not in ("race", "ethnicity"):
            told |= in_columns(f"{name}_not_recorded", columns, lambda who, given=given: not given[who.name])
    numbers = {"age": age, "first_line_months": _first_line_months}
    for name, number in numbers.items():
        for place, some in enumerate(columns):
            told |= _quartiles(name, place, sorted(one for who in some if (one := number(who)) is not None))
        told |= in_columns(f"{name}_not_recorded", columns, lambda who, number=number: number(who) is None)
    return told


def _labelled(world, name, value):
    """The label of a code, where the fact has codes."""
    about = {"sites": ("metastases", "site"), "first_line": ("first_line", "regimen")}.get(name, (name, None))
    fact = world.protocol.vocabulary.facts.get(about[0])
    if fact is None or name in ("metastases", "race", "ethnicity"):
        return value
    kind = fact.fields[about[1]] if about[1] else fact
    return kind.codes.get(value, value)


def _always(world, name):
    """What has a row although nobody has it."""
    fixed = {
        "age_group": ("under 50", "50 to 64", "65 to 74", "75 or older"),
        "race": (*RACES, SEVERAL, NOT_SAID),
        "ethnicity": ETHNICITIES,
        "her2": ("IHC 3+ in a specimen", "positive without IHC 3+", "negative"),
    }
    if name in fixed:
        return fixed[name]
    if name.startswith("stratum_"):
        factors = {f"stratum_{one.id}": one for one in world.protocol.randomization.strata}
        return [level.label for level in factors[name].levels]
    fact = world.protocol.vocabulary.facts.get(name)
    return [] if fact is None or fact.many else [one for one in fact.codes.values() if one != "unknown"]


def _first_line_months(who):
    began = (last(who, "first_line") or {}).get("start")
    return (who.start - day_of(began)).days / MONTH if day_of(began) else None


def _quartiles(name, place, numbers):
    if not numbers:
        return {}

    def at(share):
        """Linear between order statistics (R's type 7)."""
        whole, part = divmod(share * (len(numbers) - 1), 1)
        following = numbers[min(int(whole) + 1, len(numbers) - 1)]
        return numbers[int(whole)] + part * (following - numbers[int(whole)])

    middle = {"count": len(numbers), "low_quartile": at(0.25), "median": at(0.5), "high_quartile": at(0.75)}
    return {(f"{name}_median", place): middle, (f"{name}_range", place): {"least": numbers[0], "most": numbers[-1]}}


# ---- the tables of the NIH --------------------------------------------------------------------------

SEXES = ("female", "male", None)
WORDS = ("native", "asian", "pacific", "black", "white", "several", "unknown")
ROWS_1997 = dict(zip((*RACES, SEVERAL, NOT_SAID), WORDS, strict=True))


def _registered(world):
    return [who for who in world.people if reached(who, "registered")]


def table_1997(world):
    told = {}
    for row in (*ROWS_1997.values(), "total"):
        some = [who for who in _registered(world) if row in (ROWS_1997[race(who)], "total")]
        pairs = [(one, other) for one in ETHNICITIES for other in SEXES]
        for place, pair in enumerate(pairs):
            told[f"race_{row}", place] = counted(sum((ethnicity(who), sex(who)) == pair for who in some))
        told[f"race_{row}", len(pairs)] = counted(len(some))
    return told


def table_2024(world):
    named = {who.name: {ROWS_1997[one] for one in races(who)} for who in _registered(world)}
    for who in _registered(world):
        named[who.name] |= {"hispanic"} if ethnicity(who) == "Hispanic or Latino" else set()
    told = {}
    holds = {name: (lambda mine, name=name: name in mine)
             for name in ("native", "asian", "black", "hispanic", "pacific", "white")}  # fmt: skip
    holds |= {"several": lambda mine: len(mine) > 1, "unknown": lambda mine: not mine}
    for name, ask in holds.items():
        some = [who for who in _registered(world) if ask(named[who.name])]
        if name not in ("several", "unknown"):
            told[f"category_{name}", 0] = counted(sum(named[who.name] == {name} for who in some))
        told[f"category_{name}", 1] = counted(len(some))
        told |= {(f"category_{name}", 2 + place): counted(sum(sex(who) == one for who in some))
                 for place, one in enumerate(SEXES)}  # fmt: skip
    return told


# ---- representation ---------------------------------------------------------------------------------


def groups(world):
    """Each group by its id: the people, and the others of whom the same is known."""
    fact = world.protocol.vocabulary.facts["sex"]
    values = {
        "age_group": (age_group, ("under 50", "50 to 64", "65 to 74", "75 or older")),
        "sex": (lambda who: fact.codes.get(sex(who), sex(who)),
                tuple(one for code, one in fact.codes.items() if code != "unknown")),
        "race": (race, (*RACES, SEVERAL, NOT_SAID)),
        "ethnicity": (ethnicity, ETHNICITIES),
    }  # fmt: skip
    told = {}
    for name, (ask, order) in values.items():
        mine = defaultdict(list)
        for who in world.people:
            mine[ask(who) or NOT_SAID].append(who)
        known = [who for value, some in mine.items() for who in some if value != NOT_SAID]
        for place, value in enumerate(dict.fromkeys((*order, NOT_SAID)), 1):
            if mine[value]:
                row = f"{name}_{'unknown' if value == NOT_SAID else place}"
                told[row] = mine[value], [who for who in known if who not in mine[value]] if value != NOT_SAID else []
    return told


def exact(many, whole):
    """A share with the interval of Clopper and Pearson."""
    low = beta.ppf(0.025, many, whole - many + 1) if many else 0.0
    high = beta.ppf(0.975, many + 1, whole - many) if many < whole else 1.0
    return {**counted(many, whole), "low": low, "high": high}


def lost(world):
    fates = {who.name: became(world, who) for who in world.people if stage(who) != "randomized"}
    told = {}
    for row, (some, others) in groups(world).items():

        def many(people, *wanted):
            return sum(fates.get(who.name, "randomized") in wanted for who in people)

        closed = any(kind == "study_closed" for kind, _ in world.study)
        stays = ("withdrew", "out_of_time", "halted", *(["open"] if closed else []))
        told[row, 0] = counted(len(some))
        told[row, 1] = exact(many(some, "not_eligible"), len(some))
        told[row, 2] = difference(many(some, "not_eligible"), len(some), many(others, "not_eligible"), len(others))
        told[row, 3] = counted(many(some, "declined"), len(some))
        told[row, 4] = counted(many(some, *stays), len(some))
        told[row, 5] = counted(0 if closed else many(some, "open"), len(some))
        told[row, 6] = exact(many(some, "randomized"), len(some))
        told[row, 7] = difference(many(some, "randomized"), len(some), many(others, "randomized"), len(others))
    return _without_gaps(told)


def _without_gaps(told):
    return {place: {name: one for name, one in cell.items() if one is not None or name == "difference"}
            for place, cell in told.items()}  # fmt: skip


def declining(world):
    """Who declined, of those who declined or ever consented."""
    told = {}
    for row, sides in groups(world).items():
        some, others = ([who for who in side if who.kinds["consented"] or declined(who)] for side in sides)
        if some:
            no = [sum(declined(who) is not None for who in side) for side in (some, others)]
            told[row, 0] = counted(len(some))
            told[row, 1] = exact(no[0], len(some))
            told[row, 2] = difference(no[0], len(some), no[1], len(others))
    return _without_gaps(told)


def _failing(world):
    return {who.name: failed(world, who, last_day(who)) if stage(who) in ("screened", "consented") else ()
            for who in world.people}  # fmt: skip


def by_criterion(name):
    def recount(world):
        fails, told = _failing(world), {}
        some = [people for row, (people, _) in groups(world).items() if row.rpartition("_")[0] == name]
        for criterion in world.protocol.criteria:
            told |= in_columns(
                f"criterion_{criterion.id.lower()}", some, lambda who, id=criterion.id: id in fails[who.name]
            )
        return told

    return recount


def differences(world):
    """Where the interval of the difference leaves out 0, of groups of at least five."""
    fails, told = _failing(world), {}
    for row, (some, others) in groups(world).items():
        for criterion in world.protocol.criteria if min(len(some), len(others)) >= 5 else ():
            pair = [(sum(criterion.id in fails[who.name] for who in people), len(people)) for people in (some, others)]
            found = difference(*pair[0], *pair[1])
            if not found["low"] <= 0 <= found["high"]:
                id = f"{criterion.id.lower()}_{row}"
                told |= {(id, 0): counted(*pair[0]), (id, 1): counted(*pair[1]), (id, 2): found}
    return told


RECOUNTS = {
    "baseline": baseline,
    "inclusion_1997": table_1997,
    "inclusion_2024": table_2024,
    "representation_lost": lost,
    "representation_declined": declining,
    "representation_differences": differences,
    **{f"representation_{name}": by_criterion(name) for name in ("age_group", "sex", "race", "ethnicity")},
}
