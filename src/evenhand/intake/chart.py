"""A person's facts while their resources are read: what was found, and what went wrong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Final, Literal, ParamSpec, TypeVar

from evenhand.dates import DateSpan
from evenhand.facts import Fact, Person, Problem, Record, Scalar, Source
from evenhand.intake.accept import Quantity
from evenhand.intake.elements import Object, Unreadable, date_in, text_in
from evenhand.intake.plan import Plan

Given = Scalar | Quantity | None
Found = TypeVar("Found")
Arguments = ParamSpec("Arguments")

# Statuses of FHIR R4 by which a resource says that it does not hold, and those that leave it open.
_VOID: Final = frozenset({"entered-in-error", "cancelled"})
_TENTATIVE: Final = frozenset({"preliminary", "registered", "unknown"})
_SETTLED: Final = frozenset({
    "final", "amended", "corrected", "appended", "active", "completed", "stopped", "on-hold", "ended", "in-progress",
    "not-done", "not-taken", "intended", "draft", "available", "unavailable", "unsatisfactory",
})  # fmt: skip


@dataclass(slots=True)
class Chart:
    """One person's resources by type, in the order of the file, and what was made of them so far."""

    id: str
    plan: Plan
    origin: str
    resources: dict[str, list[tuple[Object, str]]] = field(default_factory=partial(defaultdict, list))
    facts: dict[str, list[Fact]] = field(default_factory=partial(defaultdict, list))
    problems: list[Problem] = field(default_factory=list)
    seen: dict[str, Object] = field(default_factory=dict)
    strangers: dict[str, str] = field(default_factory=dict)  # name -> its reference to somebody else
    sources: dict[str, Source] = field(default_factory=dict)

    def of(self, type_: str) -> list[tuple[Object, str]]:
        """The resources of a type, each with its name (``Observation/abc``)."""
        return self.resources.get(type_) or []

    def each(self, type_: str, read: Callable[[Chart, Object, str], None]) -> None:
        """Read every resource of a type; one that cannot be read costs only itself."""
        for resource, name in self.resources.get(type_, ()):
            try:
                read(self, resource, name)
            except Unreadable as error:
                self.problem(name, error.path, error.what)

    def optional(
        self,
        name: str,
        read: Callable[Arguments, Found],
        *elements: Arguments.args,
        **options: Arguments.kwargs,
    ) -> Found | None:
        """What a reader finds, or None with a problem noted, where the rest of the resource stays usable."""
        try:
            return read(*elements, **options)
        except Unreadable as error:
            self.problem(name, error.path, error.what)
            return None

    def date(self, resource: Object, name: str, element: str) -> DateSpan | None:
        """A date of a resource, or None with a problem noted when it is none."""
        try:
            return date_in(resource, element)
        except Unreadable as error:
            self.problem(name, error.path, error.what)
            return None

    def problem(self, name: str, path: str, what: str, severity: Literal["error", "warning"] = "error") -> None:
        """Note something that could not be used, with the resource and the path of the element."""
        self.problems.append(Problem(f"{name}: {path}" if path else name, what, severity))

    def warn(self, name: str, path: str, what: str) -> None:
        """Note something that was used, or rightly left out, and that somebody may want to look at."""
        self.problem(name, path, what, "warning")

    def usable(self, resource: Object, name: str) -> bool:
        """Whether a resource may be used: it is no copy, carries no unknown modifier, and holds."""
        before = self.seen.setdefault(name, resource)
        if before is not resource and self._copy(before, resource, name):
            return False
        if name in self.strangers:
            told = f"refers to {self.strangers[name]!r}, who is not in the file; taken as its only patient"
            self.warn(name, "subject.reference", told)
        if "modifierExtension" in resource or "doNotPerform" in resource:
            return self._holds(resource, name)
        status = resource.get("status")
        return status is None or (type(status) is str and status in _SETTLED) or self._holds(resource, name)

    def _copy(self, before: Object, resource: Object, name: str) -> bool:
        """Whether one was here before. Two that differ are both used: which is right, nobody can tell."""
        if same(before, resource):
            return True
        self.warn(name, "id", "another resource has this type and id, but other content; both are used")
        return False

    def _holds(self, resource: Object, name: str) -> bool:
        """Whether modifiers and status let a resource be used."""
        if resource.get("modifierExtension"):
            told = "not used: it changes the meaning in a way that is not known here"
            self.problem(name, "modifierExtension", told)
            return False
        if resource.get("doNotPerform"):
            self.warn(name, "doNotPerform", "not used: it says what must not be done")
            return False
        status = text_in(resource, "status")
        if status in _VOID:
            self.warn(name, "status", f"not used: {status}")
            return False
        if status in _TENTATIVE:
            self.warn(name, "status", f"used, though {status}")
        elif status and status not in _SETTLED:
            self.problem(name, "status", f"not used: {status[:40]!r} is no status of FHIR")
            return False
        return True

    def add(self, source: str, value: Given, date: DateSpan | None, name: str, path: str = "") -> None:
        """Deliver a single value, if the study wants it; one that the study does not allow is a problem."""
        wanted = self.plan.get(source)
        if wanted is None or value is None:
            return
        plain, words, check = wanted.single
        if not (type(value) is plain or (type(value) is str and value in words)):
            try:
                value = check(value)
            except ValueError as error:
                self.problem(name, path, f"no fact {wanted.name}: {error}")
                return
        self._keep(wanted.name, value, date, name)  # type: ignore[arg-type]  # no plain type is a Quantity

    def add_record(self, source: str, given: Mapping[str, Given], date: DateSpan | None, name: str) -> None:
        """Deliver a record with the fields that the study declares.

        A field that the study does not allow is a problem and left out; without a required one there is no fact.
        """
        wanted = self.plan.get(source)
        if wanted is None or not wanted.fields:
            return
        fields = wanted.fields
        value: dict[str, Scalar] = {}
        for field_name, entry in given.items():
            if entry is None or field_name not in fields:
                continue
            plain, words, check = fields[field_name]
            if type(entry) is plain or (type(entry) is str and entry in words):
                value[field_name] = entry  # type: ignore[assignment]  # no plain type is a Quantity
                continue
            try:
                value[field_name] = check(entry)
            except ValueError as error:
                self.problem(name, "", f"{wanted.name}.{field_name}: {error}")
        for required in wanted.required:
            if required not in value:
                self.problem(name, "", f"no fact {wanted.name}: its {required} is not known")
                return
        self._keep(wanted.name, value, date, name)

    def _keep(self, fact: str, value: Scalar | Record, date: DateSpan | None, name: str) -> None:
        source = self.sources.get(name)
        if source is None:
            source = self.sources[name] = Source(self.origin, name)
        self.facts[fact].append(Fact(fact, value, date, source))

    def person(self) -> Person:
        """The person as far as was read; the same problem is told once."""
        facts = {name: tuple(found) for name, found in self.facts.items()}
        problems = tuple(dict.fromkeys(self.problems)) if self.problems else ()
        return Person(self.id, facts, (), problems, self.origin)


def same(one: Object, other: Object) -> bool:
    """Whether two resources say the same; too deeply nested ones count as different."""
    try:
        return one == other
    except RecursionError:
        return False
