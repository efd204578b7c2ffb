"""Intake, judging and the calendar, against ``json.loads`` of the same files and against one judgement."""

import json
from datetime import date

from bench.mcode_files import make_patient
from bench.timing import ratios, report
from evenhand.eligibility import Calendar, assessor_of
from evenhand.intake import read_people
from evenhand.protocol import find_study, load_protocol

PEOPLE = 200
ON = date(2026, 11, 23)


def main() -> None:
    """Print three ratios."""
    protocol = load_protocol(find_study("nct07053085"))
    assessor, calendar = assessor_of(protocol), Calendar(assessor_of(protocol))
    files = [json.dumps(make_patient(seed)).encode() for seed in range(PEOPLE)]
    words = protocol.vocabulary

    def read():
        return [person for text in files for person in read_people(text, words, "bench")]

    people = read()

    def judge():
        return [assessor.assess(person, ON) for person in people]

    def parse():
        return [json.loads(text) for text in files]

    size = sum(map(len, files)) / PEOPLE
    print(f"{PEOPLE} generated mCODE patients, {size:.0f} bytes each")
    report("intake and all criteria / json.loads", ratios(lambda: (read(), judge()), parse), "at most 3")
    report("intake alone / json.loads", ratios(read, parse), "-")
    calendars = ratios(lambda: [calendar.of(person) for person in people], judge)
    report("the calendar / one judgement", calendars, "at most 10")
