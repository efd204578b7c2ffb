"""A report's numbers as they stand in its ``results.json``, beside what was recounted."""

from collections import defaultdict
from math import isclose

SAME = 1e-9
FITTED = 1e-6  # where another program's search for a maximum stops earlier


def leaves(results):
    """{table: {(row, column): values}}: every number of a report, the column by its place."""
    found = {}
    for section in results["sections"]:
        for part in section["parts"]:
            if "rows" in part:
                found[part["id"]] = dict(_cells(part, results["numbers"]))
    return found


def _cells(part, numbers):
    of_row = defaultdict(list)
    for name, one in numbers.items():
        table, _, rest = name.partition(".")
        if table == part["id"]:
            of_row[rest.rpartition(".")[0]].append(one["values"])
    for row, cells in of_row.items():
        for place, values in enumerate(cells):
            yield (row, place), values


def compared(table, told, recounted, within=SAME):
    """What differs: sentences; nothing where both agree. ``told`` as of ``leaves``, for one table. The reason for a
    gap is no number: that there is one is compared, since a number stands in its place or does not."""
    for place, values in told.items():
        if values and place not in recounted:
            continue
        for name, value in recounted.get(place, {}).items():
            ours = values.get(name)
            if not _same(ours, value, within):
                yield f"{table}.{place[0]}.{place[1]} {name}: {ours!r} is reported, {value!r} recounted"
    for place in recounted.keys() - told.keys():
        if any(value not in (0, 0.0, None) for name, value in recounted[place].items() if name != "of"):
            yield f"{table}.{place[0]}.{place[1]} is not reported, {recounted[place]!r} recounted"


def _same(ours, theirs, within):
    if isinstance(ours, int | float) and isinstance(theirs, int | float):
        return isclose(ours, theirs, rel_tol=within, abs_tol=within)
    return ours == theirs


def uncovered(told, recounted):
    """The numbers that nobody recounted, as (row, column, name); why something is missing is no number."""
    return {
        (*place, name)
        for place, values in told.items()
        for name in values
        if name != "reason" and name not in recounted.get(place, {})
    }
