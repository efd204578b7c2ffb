"""Records told otherwise, for tests of what may depend on what. Each entry gets the hash of what it says, since what is
remembered about people goes by hashes: two records with the same ones would answer for each other."""

from dataclasses import replace

from evenhand.record import START, entry_hash, fold


def told(entry):
    """The entry with the hash of what it says."""
    return replace(entry, hash=entry_hash(entry))


def retold(history, change):
    """The record with each entry as ``change`` has it, chained anew."""
    entries, last = [], START
    for one in history.entries:
        entries.append(told(replace(change(one), previous=last)))
        last = entries[-1].hash
    return fold(entries)


def rearmed(history, arm_of):
    """The record with everybody in the arm that ``arm_of`` makes of theirs."""

    def other(one):
        return replace(one, body={**one.body, "arm": arm_of(one.body["arm"])}) if one.kind == "randomized" else one

    return retold(history, other)


def randomized_as(standing, said):
    """What stands of a participant, where ``said`` tells otherwise (a mapping made of the body) of the allocation."""
    return tuple(_as(one, {**one.body, **said(one.body)}) if one.kind == "randomized" else one for one in standing)


def _as(one, body):
    return replace(one, body=body, latest=told(replace(one.latest, body=body)))
