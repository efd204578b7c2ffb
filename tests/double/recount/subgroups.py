"""The effect in each subgroup, and best responses, recounted from the facts, the forms and the exported rows."""

from scipy.stats import chi2

from tests.double.recount.comparing import FITTED
from tests.double.recount.efficacy import cases, cox, newton
from tests.double.recount.inclusion import NOT_SAID, age, ethnicity, exact, listed, race, sex, slug
from tests.double.recount.raw import counted

FEWEST = 10  # events of a subgroup with an estimate, as the study has it


def subgroups(world):
    found, told = cases(world, "PFS"), {}
    people = {who.name: who for who in world.randomized}
    told |= _subgroup("all", found)
    for id, level_of in _groupings(world):
        levels = {one["USUBJID"]: level_of(people[one["USUBJID"]]) for one in found.rows}
        told |= _grouped(id, found, levels)
    return told


def _groupings(world):
    labels = {one.id: {level.id: level.label for level in one.levels} for one in world.protocol.randomization.strata}
    yield "sex", lambda who: slug(sex(who) or "not recorded")
    yield "age", _age_group
    yield "race", lambda who: slug(_known(race(who)))
    yield "ethnicity", lambda who: slug(_known(ethnicity(who)))
    for name in labels:
        yield f"stratum_{name}", lambda who, name=name: slug(labels[name][who.levels[name]])
    yield "metastases", lambda who: ("1", "2_or_3", "2_or_3", "4_or_more")[min(len(listed(who, "metastases")), 4) - 1]


def _age_group(who):
    years = age(who)
    return "not_recorded" if years is None else "below_50_years" if years < 50 else "50_years_or_more"


def _known(said):
    return "not recorded" if said == NOT_SAID else said


def _grouped(id, found, levels):
    told, usable = {}, []
    for level in sorted(set(levels.values())):
        part = found.where(lambda one, level=level: levels[one["USUBJID"]] == level)
        told |= _subgroup(f"{id}_{level}", part)
        if "coefficient" in told[f"{id}_{level}", 2] and level != "not_recorded":
            usable.append(level)
    kept = found.where(lambda one: levels[one["USUBJID"]] in usable)
    if len(usable) > 1:
        groups = [tuple(float(levels[one["USUBJID"]] == level) for level in usable[1:]) for one in kept.rows]
        alone = [(arm, *more) for arm, more in zip(kept.arm, groups, strict=True)]
        crossed = [(*one, *(one[0] * other for other in one[1:])) for one in alone]
        fits = [newton(kept, columns) for columns in (alone, crossed)]
        statistic, df = 2 * (fits[1][2] - fits[0][2]), len(usable) - 1
        told[id, 3] = {"chi_square": statistic, "df": df, "p": chi2.sf(statistic, df)}
    return told


def _subgroup(row, part):
    both = [(sum(one.event), len(one.rows)) for one in part.columns()[:2]]
    told = {(row, place): {"events": events, "people": many} for place, (events, many) in enumerate(both)}
    enough = sum(part.event) >= FEWEST and 0 not in (events for events, _ in both)
    return told | {(row, 2): cox(part) if enough else {}}


RANK = ("CR", "PR", "SD", "NON-CR/NON-PD", "NED", "PD", "NE")
STABLE = 42  # days from randomization, from which on stable disease counts as the study has it


def best_of(world, who):
    """The best of what the scans show, up to the first progression."""
    seen = sorted((one["ADT"], one["AVALC"], int(one["ADY"])) for one in world.rows["adrs"]
                  if one["PARAMCD"] == "OVRLPROP" and one["USUBJID"] == who.name)  # fmt: skip
    found = "NE"
    for _, shown, day in seen:
        early = shown in ("SD", "NON-CR/NON-PD") and day - 1 < STABLE
        found = min(found, "NE" if early or shown not in RANK else shown, key=RANK.index)
        if shown == "PD":
            break
    return found


def response(world):
    told, best = {}, {who.name: best_of(world, who) for who in world.randomized}
    listed = {who.name: who.forms("lesions") for who in world.randomized}
    target = {name: any(row["followed"] == "target" for form in forms for row in form.values["lesions"])
              for name, forms in listed.items()}  # fmt: skip
    for place, some in enumerate(world.of_arms[:2]):
        names = [who.name for who in some]
        measured = [name for name in names if listed[name] and target[name]]
        told["people", place] = counted(len(names))
        told["not_measurable", place] = counted(sum(bool(listed[name]) and not target[name] for name in names))
        told["no_baseline", place] = counted(sum(not listed[name] for name in names))
        told["measurable", place] = counted(len(measured))
        for one in RANK:
            told[f"best_{one.lower()}", place] = counted(sum(best[name] == one for name in measured), len(measured))
        many = sum(best[name] in ("CR", "PR") for name in measured)
        told["objective_response", place] = {"count": many, "people": len(measured)}
        if measured:
            shown = exact(many, len(measured))
            told["objective_response", place] |= {
                "estimate": shown["share"],
                "low": shown["low"],
                "high": shown["high"],
            }
    return told


RECOUNTS = {"pfs_subgroups": subgroups, "best_response_rates": response}
WITHIN = {"pfs_subgroups": FITTED}
