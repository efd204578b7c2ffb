"""Progression-free survival told a second time, plainly and slowly: day by day from randomization on.

Written from the rules and not from the program; the tests hold the program to it.
"""

from datetime import timedelta

from evenhand.dates import add_months

STEP = timedelta(days=1)


def outcome(seen, rule, months=3, late=14):
    """Whether it is an event, and the day; visits are so many months apart and so many days late at most."""
    if early(seen, rule) or (seen.lacks and rule.no_baseline == "censor"):
        return False, seen.start
    last, day, beyond = None, seen.start, seen.until if rule.end == "data_cut" else min(seen.until, seen.end)
    while day <= beyond:
        found = what_happens(seen, rule, day)
        if found:
            return judged(seen, rule, found, day, last, months, late)
        if day > seen.start and adequate(seen, rule, day):
            last = day
        if stops(seen, rule, day):
            return False, last or seen.start
        day += STEP
    if shown_later(seen, rule, beyond):
        return False, beyond
    return False, last or seen.start


def judged(seen, rule, found, day, last, months, late):
    """An event counts unless too many visits were missed before it; what is no finding of the disease always does."""
    if found == "begun" or rule.most_missed is None:
        return True, day
    furthest = add_months(last or seen.start, months * (rule.most_missed + 1)) + timedelta(days=late)
    return (True, day) if day <= furthest else (False, last or seen.start)


def looked_at(seen, rule):
    return seen.scanned if rule.progression == "scans" else seen.determined


def early(seen, rule):
    dead = seen.died is not None and seen.died.span.last < seen.start
    return dead or any(one.day < seen.start for one in looked_at(seen, rule))


def what_happens(seen, rule, day):
    for one in looked_at(seen, rule):
        wanted = one.basis != "clinical" or rule.clinical_progression == "event"
        if one.day == day and wanted and not (one.local and rule.local_progression == "ignore"):
            return "disease"
    if seen.died is not None and death_day(seen, rule) == day:
        return "disease"
    begun = [(seen.therapy, rule.new_therapy), (seen.unplanned, rule.unplanned_local_therapy)]
    return "begun" if any(one and one.day == day and how == "event" for one, how in begun) else ""


def death_day(seen, rule):
    first, last = seen.died.span.first, seen.died.span.last
    every = [first + STEP * number for number in range((last - first).days + 1)]
    possible = [day for day in every if day >= seen.start and (not seen.alive or day >= seen.alive)]
    possible = [day for day in possible if day <= seen.until] or every
    return possible[{"first": 0, "middle": (len(possible) - 1) // 2, "last": -1}[rule.day_of_death]]


def stops(seen, rule, day):
    begun = [(seen.therapy, rule.new_therapy), (seen.unplanned, rule.unplanned_local_therapy)]
    if any(one and one.day == day and how == "censor" for one, how in begun):
        return True
    clinical = [one for one in looked_at(seen, rule) if one.basis == "clinical" and one.day == day]
    return bool(clinical) and rule.clinical_progression == "censor"


def adequate(seen, rule, day):
    doubtful = seen.unsigned is not None and rule.progression == "determined" and day >= seen.unsigned.day
    return not doubtful and any(one.day == day and one.adequate for one in seen.assessments)


def shown_later(seen, rule, beyond):
    """Whether follow-up is over, nothing else ended it, and a later scan shows that there was no event by its end."""
    unsigned = seen.unsigned is not None and rule.progression == "determined" and seen.unsigned.day <= beyond
    clinical = any(
        one.basis == "clinical" and seen.start <= one.day <= beyond and rule.clinical_progression != "event"
        for one in looked_at(seen, rule)
    )
    if beyond == seen.until or unsigned or clinical or seen.nameless:
        return False
    return any(one.day > beyond and adequate(seen, rule, one.day) for one in seen.assessments)
