"""A report as its files have it, and the world that its numbers are recounted from."""

import csv
import io
import json
from datetime import UTC, datetime, time
from functools import cache

from evenhand.analysis import CENSORED, analyse, cut
from evenhand.analysis.datasets import csv_of, datasets
from evenhand.eligibility import assessor_of
from evenhand.record.entry import entry_line
from evenhand.record.facts import recorded_person
from evenhand.reports import make_report
from evenhand.reports.behind import People
from evenhand.reports.results import results_json
from tests.double.recount import efficacy, flow, inclusion, monitoring, safety, subgroups, treatment
from tests.double.recount.comparing import SAME, compared, leaves, uncovered
from tests.double.recount.raw import read

ROOMS = (efficacy, flow, inclusion, monitoring, safety, subgroups, treatment)
RECOUNTS = {name: recount for room in ROOMS for name, recount in room.RECOUNTS.items()}
WITHIN = {name: share for room in ROOMS for name, share in getattr(room, "WITHIN", {}).items()}


class Reported:
    """``told``: {table: {(row, column): values}}, as the ``results.json`` of ``report`` has it; ``world``: what it is
    recounted from."""

    def __init__(self, kind, protocol, history, until):
        moment = datetime.combine(until, time.max, UTC)
        self.report = make_report(kind, protocol, history, effective=until, recorded=moment)
        self.told = leaves(json.loads(results_json(self.report, People())))
        made = cut(protocol, history, effective=until, recorded=moment)

        @cache
        def judge(name, day):
            person = recorded_person(made.history.subject(name), protocol.vocabulary)
            found = assessor_of(protocol).assess(person, day)
            return {item.criterion.id: item.verdict for item in found.criteria}

        exported = {one.name.lower(): _rows(csv_of(one)) for one in datasets(analyse(made))}
        reasons = {number: reason for reason, (number, _) in CENSORED.items()}
        lines = (entry_line(entry) for entry in history.entries)
        self.world = read(lines, protocol, until, moment, rows=exported, judge=judge, reasons=reasons)

    @cache  # noqa: B019 - a few reports, for as long as the tests run
    def recounted(self, table):
        """What the recount of a table gives."""
        return RECOUNTS[table](self.world)

    def differences(self, table):
        """Sentences, none where both agree."""
        return list(compared(table, self.told[table], self.recounted(table), WITHIN.get(table, SAME)))

    def uncovered(self, table):
        """The numbers that the recount leaves out."""
        return uncovered(self.told[table], self.recounted(table) if table in RECOUNTS else {})


def _rows(text):
    return list(csv.DictReader(io.StringIO(text.decode())))
