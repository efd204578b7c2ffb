"""Intake, judging and the calendar, against ``json.loads`` of the same files and against one judgement."""

import json
from datetime import date

from bench.mcode_files import make_patient
from bench.timing import ratios, report
from evenhand.eligibility import Calendar, assessor_of
from evenhand.intake import read_people
from evenhand.protocol import Protocol, find_study, load_protocol

PEOPLE = 200
ON = date(2026, 11, 23)


def main() -> None:
    """Print the ratios for files as published samples are written (indented) and for the same without any blanks."""
    protocol = load_protocol(find_study("nct07053085"))
    patients = [make_patient(seed) for seed in range(PEOPLE)]
    for how, indent in (("indented", 2), ("compact", None)):
        files = [json.dumps(patient, indent=indent).encode() for patient in patients]
        print(f"{PEOPLE} generated mCODE patients, {how}, {sum(map(len, files)) // PEOPLE} bytes each")
        _screening(protocol, files)
    _calendar(protocol, files)


def _screening(protocol: Protocol, files: list[bytes]) -> None:
    assessor, words = assessor_of(protocol), protocol.vocabulary

    def parse() -> None:
        for text in files:
            json.loads(text)

    def read() -> None:
        for text in files:
            read_people(text, words, "bench")

    def screen() -> None:
        for text in files:
            for person in read_people(text, words, "bench"):
                assessor.assess(person, ON)

    report("intake and all criteria / json.loads", ratios(screen, parse), "at most 3")
    report("intake alone / json.loads", ratios(read, parse), "-")


def _calendar(protocol: Protocol, files: list[bytes]) -> None:
    assessor = assessor_of(protocol)
    calendar = Calendar(assessor)
    people = [person for text in files for person in read_people(text, protocol.vocabulary, "bench")]

    def judge() -> None:
        for person in people:
            assessor.assess(person, ON)

    def draw() -> None:
        for person in people:
            calendar.of(person)

    report("the calendar / one judgement", ratios(draw, judge), "at most 10")
