"""Stopping rules, sites and findings, recounted: bounds by trying every level, chances by walking all courses."""

import math
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from functools import cache
from statistics import NormalDist, median

from scipy.stats import beta

from tests.double.recount.efficacy import cases, cox, log_rank
from tests.double.recount.raw import LOCAL, counted, day_of
from tests.double.recount.safety import RELATED, events_of

# ---- stopping rules ---------------------------------------------------------------------------------


def rules(world):
    return [one for one in world.protocol.monitoring.stopping.values() if hasattr(one, "looks")]


@cache
def bounds(rule):
    """From how many events on each look stops."""
    tolerated, boundary = float(rule.more_than), rule.boundary
    if boundary.method == "beta_binomial":
        seen, of = float(boundary.prior_events), float(boundary.prior_people)
        told = []
        for people in rule.looks:
            above = (beta.sf(tolerated, seen + k, of - seen + people - k) for k in range(people + 1))
            told.append((people, next((k for k, p in enumerate(above) if p > float(boundary.probable)), None)))
        return told
    tails = {people: [_upper(people, k, tolerated) for k in range(1, people + 1)] for people in rule.looks}
    best = [(people, None) for people in rule.looks]
    for level in sorted({p for tail in tails.values() for p in tail if p <= float(boundary.error)}):
        found = [
            (people, next((k for k, p in enumerate(tail, 1) if p <= level), None)) for people, tail in tails.items()
        ]
        if sum(stopping(found, tolerated)) > float(boundary.error):
            break
        best = found
    return best


@cache
def _upper(people, least, rate):
    """The chance of so many events or more."""
    ways = (math.comb(people, k) * rate**k * (1 - rate) ** (people - k) for k in range(least, people + 1))
    return math.fsum(ways)


def stopping(found, rate):
    """The chance to stop first at each look: every course that the counts may take, person by person."""
    going, before = {0: 1.0}, 0
    for people, bound in found:
        for _ in range(people - before):
            ahead = defaultdict(float)
            for events, chance in going.items():
                ahead[events] += chance * (1 - rate)
                ahead[events + 1] += chance * rate
            going = ahead
        before = people
        yield sum(chance for events, chance in going.items() if bound is not None and events >= bound)
        going = {events: chance for events, chance in going.items() if bound is None or events < bound}


def operating(world):
    told = {}
    for rule in rules(world):
        found = bounds(rule)
        rates = [times * float(rule.more_than) for times in (0.5, 0.75, 1.0, 1.25, 1.5, 2.0)]
        for number, rate in enumerate(one for one in rates if one < 1):
            row, chances = f"operating_{rule.id}_{number}", list(stopping(found, rate))
            for place in range(len(found)):
                told[row, place] = {"probability": sum(chances[: place + 1])}
            people = sum(chance * many for chance, (many, _) in zip(chances, found, strict=True))
            most = max(len(one.looks) for one in rules(world))
            told[row, most] = {"people": people + (1 - sum(chances)) * found[-1][0]}
    return told


def watched(world, rule):
    """Everybody treated in the order of the first treatment: the state of each."""
    some = []
    for place, who in enumerate(world.randomized):
        given = who.local([name for name in LOCAL if name in rule.treated])
        if given:
            some.append((given[0][0], place, _state(world, rule, who, [day for day, _ in given])))
    return [state for _, _, state in sorted(some)]


def _state(world, rule, who, days):
    windows = [(day, day + timedelta(days=rule.within.count)) for day in days]
    if rule.death:
        answers = [_inside(who.died, windows)] if who.died else []
    else:
        answers = [_counts(rule, one, windows) for one in events_of(world)[who.name]
                   if not rule.terms or one.term in rule.terms]  # fmt: skip
    if True in answers:
        return "event"
    last = windows[0][1]
    if None in answers:
        return "open"
    if who.died and who.died <= min(last, who.until):
        return "free"
    if who.endings and who.endings[0][0] < min(last, who.until):
        return "left"
    return "free" if last <= who.until else "open"


def _inside(day, windows):
    return any(first <= day <= last for first, last in windows)


def _counts(rule, event, windows):
    """True, False, or None where the relation to a treatment given by then is not rated."""
    if event.worst not in rule.grades or not _inside(event.onset, windows):
        return False
    if not rule.related_to or any(event.relations.get(name) in RELATED for name in rule.related_to):
        return True
    return None if (event.given & set(rule.related_to)) - set(event.relations) else False


def standing(world):
    told = {}
    for rule in rules(world):
        every = watched(world, rule)
        kept = [one for one in every if one != "left"]
        for people, bound in bounds(rule):
            row, some = f"{rule.id}_{people}", kept[:people]
            told |= {(row, 0): counted(len(some)), (row, 1): counted(some.count("event")),
                     (row, 2): counted(some.count("open")),
                     (row, 3): {"bound": bound} | ({"share": bound / people} if bound is not None else {}),
                     (row, 4): {"decision": _decision(some, people, bound)}}  # fmt: skip
        row = f"{rule.id}_all"
        told |= {(row, 0): counted(len(kept)), (row, 1): counted(kept.count("event"), len(kept)),
                 (row, 2): counted(kept.count("open")),
                 (f"{rule.id}_left", 0): counted(len(every) - len(kept))}  # fmt: skip
    return told


def _decision(some, people, bound):
    """Met or not as soon as whoever is still to come cannot change it."""
    events, free = some.count("event"), some.count("free")
    if bound is not None and events >= bound:
        return "met"
    if events + free == people or (some and (bound is None or people - free < bound)):
        return "not met"
    return "not yet evaluable"


def result(world):
    """What an interim look tells of the trial so far; bounds and what the end may bring have a double of their own."""
    found = cases(world, "PFS")
    design, told = world.protocol.design, {}
    strata = [one["STRATA"] for one in found.rows] if design.stratified else None
    told |= {(f"events_{place}", 0): {"events": sum(part.event), "people": len(part.rows)}
             for place, part in enumerate(found.columns()[:2])}  # fmt: skip
    _, z = log_rank(found, strata)
    told["z", 0] = {"z": z}
    told["p_one_sided", 0] = {"p": 0.5 - _half(z)}
    told["hazard_ratio", 0] = cox(found, None, strata)
    return told


def _half(z):
    return NormalDist().cdf(z) - 0.5


# ---- sites ------------------------------------------------------------------------------------------


def site_of(who):
    return who.first["by"]["site"]


def _on(entry):
    return datetime.fromisoformat(entry["recorded_at"]).date()


def _entered(who):
    return who.kinds["form_entered"]


def _digits(who, forms):
    for form, table, field in forms:
        for one in who.forms(form):
            for row in one.values.get(table, ()) if table else [one.values]:
                if row.get(field) is not None and float(row[field]) > 0:
                    yield int(float(row[field])) % 10


def _days_to_registration(who):
    if who.kinds["registered"] and who.kinds["consented"]:
        yield (who.kinds["registered"][0].effective - who.kinds["consented"][0].effective).days


def _day_of_form(world, form):
    """The day of a form by the field that the form names, else that of the entry."""
    name = world.protocol.plan.forms[form.body["form"]].day
    return (day_of(form.values.get(name)) if name else None) or form.effective


def measures(world):
    """What each site gives: medians, and sums over sums."""
    randomized, told = [who for who in world.randomized if site_of(who)], {}
    queries = {who.name: who.kinds["query_opened"] for who in world.people}
    late = {
        who.name: [max(0, (_on(first) - _day_of_form(world, one)).days) for one, first in _firsts(world, who)]
        for who in randomized
    }
    middles = {
        "late_entry": (randomized, lambda who: late[who.name]),
        "query_days": (randomized, lambda who: [_query_days(world, who, one) for one in queries[who.name]]),
        "consent_to_registration": (world.people, lambda who: list(_days_to_registration(who))),
    }
    for name, (people, values) in middles.items():
        given = [(site_of(who), values(who)) for who in people]
        given = [one for one in given if one[1]]
        for site in {site for site, _ in given}:
            here = [value for at, some in given if at == site for value in some]
            if {at for at, _ in given} != {site}:
                told[f"{name}_{site}", 0] = {"people": sum(at == site for at, _ in given)}
                told[f"{name}_{site}", 1] = {"value": float(median(here)), "counted": len(here)}
    latest = world.until - timedelta(days=90)
    candidates = [who for who in world.people if who.kinds["registered"] or day_of(who.first["effective"]) <= latest]
    sums = {
        "queries": (randomized, lambda who: len(queries[who.name]), lambda who: len(_entered(who))),
        "corrections": (randomized, lambda who: world.corrections[who.name], lambda who: len(_entered(who))),
        "screen_failures": (candidates, lambda who: not who.kinds["registered"], lambda who: 1),
    }
    for name, (people, many, of) in sums.items():
        told |= _sums(name, [(site_of(who), float(many(who)), float(of(who))) for who in people])
    return told


def _firsts(world, who):
    """Each form that was filled in, with its first entry."""
    return [(one, world.entries[one.seq]) for one in _entered(who) if not one.body.get("not_done")]


def _query_days(world, who, query):
    closed = [one for one in who.kinds["query_closed"] if one.body["query"] == query.seq]
    end = _on(closed[0].latest) if closed else world.until
    return max(0, (end - _on(query.latest)).days)


def _sums(name, given):
    told = {}
    given = [one for one in given if one[2]]
    for site in {one[0] for one in given}:
        here = [one for one in given if one[0] == site]
        many, of = sum(one[1] for one in here), sum(one[2] for one in here)
        if len(here) < len(given):
            told[f"{name}_{site}", 0] = {"people": len(here)}
            told[f"{name}_{site}", 1] = {"value": many / of, "counted": many}
    return told


def overdue(world):
    """What was asked and not closed, and not answered, by age."""
    told, waiting = {}, []
    for who in world.randomized:
        answered = {one.body["query"] for one in who.kinds["query_answered"]}
        closed = {one.body["query"] for one in who.kinds["query_closed"]}
        for one in who.kinds["query_opened"]:
            if one.seq not in closed:
                since = (world.until - min(world.until, one.effective)).days
                what = "answered" if one.seq in answered else "unanswered"
                waiting.append((site_of(who), what, sum(since > age for age in (30, 90)), who.name))
    sites = {site_of(who) for who in world.randomized}
    for site in (*sites, *(["all"] if len(sites) > 1 else [])):
        for what in ("answered", "unanswered"):
            mine = [one for one in waiting if site in (one[0], "all") and one[1] == what]
            for place in range(4):
                some = [one for one in mine if place in (one[2], 3)]
                told[f"site_{site}_{what}", place] = {"count": len(some), "people": len({one[3] for one in some})}
    return told


# ---- findings ---------------------------------------------------------------------------------------

ALIVE = {
    "visit": "date", "performance_status": "performed", "laboratory": "sampled", "ejection_fraction": "performed",
    "scan": "imaged", "side_effects": "asked", "surgery": "performed", "systemic_therapy": "started",
    "therapy_change": "changed", "metastasis_resection": "performed",
}  # fmt: skip


SORTS = (
    *("after_death", "before_randomization", "in_the_future", "unsigned_progression", "death_without_day"),
    *("two_deaths", "out_of_order", "treatment_too_early", "ends_before_it_begins", "lesion_not_listed"),
)
SPANS = (("onset", "ended"), ("started", "ended"), ("started", "stopped"), ("changed", "resumed"), ("began", "ended"),
         ("performed", "discharged"))  # fmt: skip


def findings(world):
    told, found = {}, Counter()
    people = defaultdict(set)
    for who in world.randomized:
        for sort, many in _of_person(world, who).items():
            found[sort] += many
            if many:
                people[sort].add(who.name)
    for sort in SORTS:
        told[sort, 0] = counted(len(people[sort]), len(world.randomized))
        told[sort, 1] = counted(found[sort])
    return told


def _of_person(world, who):
    days = [one.day(field) for form, field in ALIVE.items() for one in who.forms(form)]
    said = [one for one in who.forms("response") if one.values.get("progressed")]
    signed = [one for one in said if who.signed(one)]
    shown = any(one["USUBJID"] == who.name and one["AVALC"] == "PD" for one in world.rows["adrs"]
                if one["PARAMCD"] == "OVRLPROP")  # fmt: skip
    progressed = [one.day("progressed_on") for one in signed]
    return {
        "after_death": sum(bool(who.died and day and day > who.died) for day in (*days, *progressed)),
        "before_randomization": sum(bool(day and day < who.start) for day in progressed),
        "in_the_future": sum(
            day_of(text) > _on(one.latest) + timedelta(days=1)
            for one in _entered(who) for text in _dates(one.values)
        ),
        "unsigned_progression": not signed and bool(said or shown),
        "death_without_day": sum(not one.values.get("died") for one in who.forms("death")[:1]),
        "two_deaths": len({one.values.get("died") for one in who.forms("death")}) > 1,
        "out_of_order": any(one.effective > who.start for one in who.kinds["registered"]),
        "treatment_too_early": sum(
            bool(one.day(field) and one.day(field) < who.start)
            for name, field in LOCAL.items() for one in who.forms(name)
        ),
        "ends_before_it_begins": sum(
            bool(one.day(first) and one.day(last) and one.day(last) < one.day(first))
            for one in _entered(who) for first, last in SPANS
        ),
        "lesion_not_listed": sum(bool(names - _listed(who)) for names in _scanned(who)),
    }  # fmt: skip


def _listed(who):
    rows = [row for one in who.forms("lesions") for row in one.values["lesions"]]
    rows += [row for one in who.forms("scan") for row in one.values.get("new_lesions", ())]
    return {row["lesion"] for row in rows}


def _scanned(who):
    for one in who.forms("scan") if _listed(who) else ():
        yield {row["lesion"] for row in one.values.get("lesions", ())}


def _dates(values):
    for value in values.values():
        if isinstance(value, list):
            for row in value:
                yield from _dates(row)
        elif isinstance(value, str) and _is_day(value):
            yield value


def _is_day(text):
    try:
        return bool(date.fromisoformat(text)) and len(text) == 10
    except ValueError:
        return False


def checks(world):
    """How many prescriptions and plans there are; whether each keeps its limits has a double of its own."""
    told, columns = {}, world.of_arms
    for place, some in enumerate(columns):
        courses = {role: [one for who in some for one in who.forms(role) if one.day("started") >= who.start]
                   for role in ("metastasis_radiation", "locoregional_radiation")}  # fmt: skip
        volumes = [row for one in courses["locoregional_radiation"] for row in one.values.get("volumes", ())]
        told["prescriptions/metastasis_radiation", place] = counted(len(courses["metastasis_radiation"]))
        told["prescriptions/locoregional_radiation", place] = counted(len(volumes))
        plans = [one for who in some for one in who.forms("radiation_plan") if one.values.get("earlier") is not True]
        told["plans", place] = counted(len(plans))
    return told


def meetings(world):
    """Every meeting of the board and the final analysis by their entries alone: what was struck is not told."""
    some = [one for one in world.entries.values() if one["kind"] in MEETINGS and one["effective"] <= str(world.until)]
    struck = {one["corrects"] for one in some if one["corrects"] and one["body"].get("struck") is True}
    told = {}
    for one in some:
        if one["corrects"] or one["seq"] in struck:
            continue
        body, row = one["body"], f"entry_{one['seq']}"
        told[row, 0] = {"entry": one["seq"]} | {name: body[name] for name in ("look", "events") if name in body}
        told[row, 1] = {"day": body["effective"]}
        place, name = (3, "manifest") if one["kind"] == "final_analysis_made" else (2, "recommendation")
        told[row, place] = {name: body[name]}
    return told


MEETINGS = ("interim_look_held", "board_meeting_held", "final_analysis_made")
RECOUNTS = {
    "board_meetings": meetings,
    "stopping_rules": standing,
    "stopping_operating": operating,
    "interim_result": result,
    "site_measures": measures,
    "overdue": overdue,
    "record_findings": findings,
    "radiation_checks": checks,
}
