"""Who came how far, and who was lost where, recounted from the entries: flow, screening, accrual.

Whether somebody met a criterion on a day is asked of ``world.judge``: rules have a second reading of their own
(``tests/generative/naive_judge.py``), and everything that follows from the verdicts is counted here.
"""

from collections import Counter
from datetime import date

from tests.double.recount.raw import DAY, counted, day_of, in_columns
from tests.double.recount.treatment import parts_of, window_of

MONTH = 30.4375


def stage(who):
    """The furthest that somebody came."""
    for kind in ("randomized", "registered", "consented"):
        if who.kinds[kind]:
            return kind
    return "screened"


def reached(who, kind):
    """The day on which somebody came so far; None if never."""
    if kind == "screened":
        return day_of(who.first["effective"])
    return min((one.effective for one in who.kinds[kind]), default=None)


def closed_on(world):
    return next((form.effective for kind, form in world.study if kind == "study_closed"), None)


def became(world, who):
    """What became of somebody who is not randomized, as the flow has it: told by a halt that lasts, where nothing else
    had happened by its day."""
    halted = halted_on(world)
    if halted and reached(who, "screened") <= halted <= (closed_on(world) or world.until):
        found = fate(world, who, halted)
        return "halted" if found == "open" else found
    return fate(world, who, closed_on(world) or world.until)


def halted_on(world):
    """The day since which accrual is halted; None where it is open, or was resumed."""
    kinds = ("accrual_halted", "accrual_resumed")
    last = max(((form.effective, form.seq, kind) for kind, form in world.study if kind in kinds), default=None)
    return last[0] if last and last[2] == "accrual_halted" else None


def fate(world, who, day):
    """Not eligible, declined, out of time, withdrew, or open on a day."""
    if declined(who):
        return "declined"
    consents, withdrawn = who.kinds["consented"], who.kinds["consent_withdrawn"]
    if consents and withdrawn and withdrawn[-1].seq > consents[-1].seq:
        return "withdrew"
    if not failed(world, who, day):
        return "open"
    return "not_eligible" if failed(world, who, last_day(who)) else "out_of_time"


def declined(who):
    """What stands of the last time that somebody declined; None where consent came after it."""
    turns = sorted((*who.kinds["consented"], *who.kinds["consent_declined"]), key=lambda one: (one.effective, one.seq))
    return turns[-1] if turns and turns[-1] in who.kinds["consent_declined"] else None


def last_day(who):
    """The day of the newest thing that is recorded about somebody."""
    return max(form.first_effective for forms in who.kinds.values() for form in forms)


def failed(world, who, day):
    return tuple(name for name, verdict in world.judge(who.name, day).items() if verdict == "fail")


def unknown(world, who, day):
    return tuple(name for name, verdict in world.judge(who.name, day).items() if verdict == "unknown")


# ---- from assessment to randomization ---------------------------------------------------------------


def enrolment(world):
    by = {kind: [who for who in world.people if stage(who) == kind] for kind in ("registered", "randomized")}
    waiting = [who for who in world.people if stage(who) in ("screened", "consented")]
    told = {"assessed": len(world.people), "randomized": len(by["randomized"])}
    told |= _left(world, "excluded", waiting) | _left(world, "not_randomized", by["registered"])
    open_ = [sum(became(world, who) == "open" for who in some) for some in (waiting, by["registered"])]
    told |= {"registered": len(by["registered"]) + len(by["randomized"])}
    open_ = [0, 0] if closed_on(world) else open_
    told |= {"screening": open_[0], "awaiting": open_[1]}
    told["excluded"] -= open_[0]
    told["not_randomized"] -= open_[1]
    return {(row, 0): counted(many, len(world.people)) for row, many in told.items()}


def _left(world, row, some):
    fates = {who.name: became(world, who) for who in some}
    told = {row: len(some)}
    for how in ("not_eligible", "declined", "withdrew", "out_of_time", "halted"):
        told[f"{row}_{how}"] = sum(one == how for one in fates.values())
    told[f"{row}_closed"] = sum(one == "open" for one in fates.values()) if closed_on(world) else 0
    late = [who for who in some if fates[who.name] == "out_of_time"]
    told[f"{row}_left_open"] = sum(bool(unknown(world, who, last_day(who))) for who in late)
    told[f"{row}_met"] = len(late) - told[f"{row}_left_open"]
    reasons = Counter(declined(who).body.get("because", "") for who in some if fates[who.name] == "declined")
    told |= {f"{row}_declined_{why or 'unsaid'}": many for why, many in reasons.items()}
    fails = Counter(name for who in some if fates[who.name] == "not_eligible"
                    for name in failed(world, who, last_day(who)))  # fmt: skip
    return told | {f"{row}_{name.lower()}": many for name, many in fails.items()}


def screening(world):
    """Failures by criterion of everybody who is not registered."""
    some = [who for who in world.people if stage(who) in ("screened", "consented")]
    fails = {who.name: failed(world, who, last_day(who)) for who in some}
    opens = {who.name: unknown(world, who, last_day(who)) for who in some}
    told = {}
    for criterion in world.protocol.criteria:
        row = f"criterion_{criterion.id.lower()}"
        numbers = (
            sum(criterion.id in one for one in fails.values()),
            sum(one == (criterion.id,) for one in fails.values()),
            sum(criterion.id in one for one in opens.values()),
        )
        told |= {(row, place): counted(many, len(some)) for place, many in enumerate(numbers, 1)}
    for row, holds in (
        ("any", lambda who: fails[who.name]),
        ("open", lambda who: opens[who.name] and not fails[who.name]),
        ("none", lambda who: not opens[who.name] and not fails[who.name]),
    ):
        told[f"together_{row}", 1] = counted(sum(bool(holds(who)) for who in some), len(some))
    return told


def sites(world):
    """Accrual by site, and its pace."""
    opened = {}
    for kind, form in world.study:
        for site in form.body.get("sites", [form.body.get("site")] if kind == "protocol_adopted" else []):
            opened.setdefault(site, form.effective)
    days = sorted(who.start for who in world.randomized)
    target = world.protocol.enrollment.target
    halted = halted_on(world)  # accrual is not open on the day of a halt
    ends = [closed_on(world), halted and halted - DAY, *days[target - 1 : target]]
    last = min([world.until, *filter(None, ends)])
    told, whole = {}, 0
    for site in (*opened, "all_together"):
        some = [who for who in world.people if site in (who.first["by"]["site"], "all_together")]
        row = f"site_{site}"
        told |= {(row, 0): counted(len(some))}
        stages = ("screened", "consented", "registered", "randomized")
        for place in range(1, len(stages)):
            many = sum(any(who.kinds[one] for one in stages[place:]) for who in some)
            told[row, place] = counted(many)
        left = [became(world, who) for who in some if stage(who) in ("screened", "consented")]
        told[row, 4] = counted(left.count("not_eligible"), len(some))
        told[row, 5] = counted(left.count("declined"), len(some))
        open_days = (last - opened[site]).days + 1 if site in opened else whole
        whole += open_days
        told[row, 6] = {"months": open_days / MONTH, "days": open_days}
        told[row, 7] = {"a_month": told[row, 3]["count"] / (open_days / MONTH)}
    return told


def by_year(world):
    told = {}
    for place, kind in enumerate(("screened", "consented", "registered", "randomized")):
        years = Counter(day.year for who in world.people if (day := reached(who, kind)))
        told |= {(str(year), place): counted(many) for year, many in years.items()}
    rows = {row for row, _ in told}
    return {(row, place): told.get((row, place), counted(0)) for row in rows for place in range(4)}


def losses(world):
    told = {}
    for kind in ("screened", "consented", "registered"):
        fates = [became(world, who) for who in world.people if stage(who) == kind]
        fates = ["closed" if closed_on(world) and one == "open" else one for one in fates]
        told[kind, 0] = counted(len(fates))
        order = ("not_eligible", "declined", "out_of_time", "withdrew", "halted", "closed", "open")
        told |= {(kind, place): counted(fates.count(fate)) for place, fate in enumerate(order, 1)}
    return told


# ---- from randomization on --------------------------------------------------------------------------

LATER = {
    "ended": ("progression", "completed", "death"),
    "lost": ("lost",),
    "left": ("follow_up_stopped", "consent_withdrawn"),
}


def randomized(world):
    columns = world.of_arms
    told = in_columns("allocated", columns, lambda who: True)
    told |= in_columns("received", columns, received)
    fates = {who.name: _instead(world, who) for who in columns[-1] if not received(who)}
    told |= in_columns("due", columns, lambda who: fates.get(who.name) == "due")
    told |= in_columns("not_received", columns, lambda who: fates.get(who.name, "due") != "due")
    for why in set(fates.values()) - {"due"}:
        told |= in_columns(f"not_received_{why}", columns, lambda who, why=why: fates.get(who.name) == why)
    told |= in_columns("followed", columns, lambda who: _ended(world, who) is None)
    for row, endings in LATER.items():
        told |= in_columns(row, columns, lambda who, endings=endings: _ended(world, who) in endings)
        for ending in endings if len(endings) > 1 else ():
            told |= in_columns(f"{row}_{ending}", columns, lambda who, ending=ending: _ended(world, who) == ending)
    stopped = {who.name: [one.values.get("because") for one in who.forms("disposition")
                          if one.values["ending"] == "treatment_stopped"][:1] for who in columns[-1]}  # fmt: skip
    told |= in_columns("stopped", columns, lambda who: stopped[who.name])
    for why in {one for some in stopped.values() for one in some}:
        told |= in_columns(f"stopped_{why or 'unknown'}", columns, lambda who, why=why: why in stopped[who.name])
    return told | _populations(world)


def received(who):
    """The arm's treatment, as local therapy shows it."""
    arm, at_all = who.treated
    return at_all and arm == who.arm


def _instead(world, who):
    """Why somebody did not receive it."""
    if who.arm == "usual":
        return "other" if who.local() else "unrecorded"
    if {state for state, _ in parts_of(who).values()} - {"not applicable"} == {"closed with a reason"}:
        return "documented"
    if _ended(world, who):
        return f"ended_{who.end[1]}"
    return "due" if who.until <= who.start + 56 * DAY else "not_begun"


def _ended(world, who):
    """How follow-up ended by the cut: by time on the day after its last one."""
    if who.end is None or (who.end[1] == "completed" and who.end[0] >= world.until):
        return None
    return who.end[1]


def lacks(world, who):
    """What leaves somebody out of the analysis per protocol."""
    found = set()
    if who.arm == "usual" and who.local():
        found.add("other_treatment")
    if who.arm == "local":
        window = next(one for one in world.protocol.plan.treatment.windows if one.of == "local_therapy_complete")
        late = window_of(window, who) in ("overdue", "ended")
        if late or any(state == "closed with a reason" for state, _ in parts_of(who).values()):
            found.add("local_therapy")
    if any(one.values["severity"] == "major" for one in who.forms("deviation")):
        found.add("major_deviation")
    if not any(_adequate(who, one) for one in who.forms("scan")) or not who.forms("lesions"):
        found.add("no_assessment")
    return found


def _adequate(who, scan):
    """Every region imaged, and no lesion left out."""
    rows = scan.values.get("lesions", ())
    whole = scan.values.get("complete") is True and all(one["seen"] != "not_assessed" for one in rows)
    return whole and scan.day("imaged") > who.start


def _inside(world):
    """Who is in each population, and in which arm the person counts."""
    return {
        "intention_to_treat": (lambda who: True, lambda who: who.arm),
        "safety": (lambda who: who.treated[1], lambda who: who.treated[0]),
        "as_treated": (lambda who: True, lambda who: who.treated[0]),
        "per_protocol": (lambda who: not lacks(world, who), lambda who: who.arm),
    }


def _populations(world):
    columns, told = world.of_arms, {}
    for name, (holds, arm_of) in _inside(world).items():
        told |= in_columns(f"{name}_analysed", columns, holds)
        told |= in_columns(f"{name}_out", columns, lambda who, holds=holds: not holds(who))
        for arm in world.arms if name in ("safety", "as_treated") else ():
            told |= in_columns(
                f"{name}_in_{arm}", columns, lambda who, h=holds, of=arm_of, arm=arm: h(who) and of(who) == arm
            )
    for lack in {lack for who in columns[-1] for lack in lacks(world, who)}:
        told |= in_columns(f"per_protocol_{lack}", columns, lambda who, lack=lack: lack in lacks(world, who))
    return told | in_columns("safety_untreated", columns, lambda who: not who.treated[1])


def populations(world):
    """Each population by the arm in which a person counts."""
    told = {}
    for name, (inside, arm_of) in _inside(world).items():
        some = [who for who in world.randomized if inside(who)]
        numbers = [*(sum(arm_of(who) == arm for who in some) for arm in world.arms), len(some)]
        numbers.append(len(world.randomized) - len(some))
        told |= {(f"population_{name}", place): counted(many) for place, many in enumerate(numbers)}
    return told


def forecast(world):
    """The days on which a milestone was reached; what is foretold has a test of its own."""
    days = sorted(who.start for who in world.randomized)
    events = sorted(
        date.fromisoformat(one["ADT"])
        for one in world.rows["adtte"]
        if (one["PARAMCD"], one["ESTIMAND"], one["EVENTCD"]) == ("PFS", "primary", "1")
    )
    told = {}
    if len(days) >= world.protocol.enrollment.target:
        told["target", 0] = {"day": days[world.protocol.enrollment.target - 1].isoformat()}
        told |= {(f"events_{many}", 0): {"day": events[many - 1].isoformat()} for many in (50,) if len(events) >= many}
        last = max(who.end[0] for who in world.randomized) if all(who.end for who in world.randomized) else None
        told |= {("complete", 0): {"day": last.isoformat()}} if last else {}
    return told


RECOUNTS = {
    "flow_enrolment": enrolment,
    "flow_randomized": randomized,
    "flow_populations": populations,
    "screening_criteria": screening,
    "accrual_by_site": sites,
    "accrual_by_year": by_year,
    "accrual_losses": losses,
    "accrual_forecast": forecast,
    "accrual_milestones": forecast,
}
