"""The files of ``forms/`` into forms: fields typed, rules parsed, roles checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from evenhand.facts import FactType, Vocabulary
from evenhand.protocol.places import Keys, Sheet
from evenhand.protocol.plan.form_sheets import ColumnSheet, FieldSheet, FormSheet
from evenhand.protocol.plan.forms import ARM, ENTRIES, RANDOMIZED, REGISTERED, Check, Field, Form
from evenhand.protocol.plan.roles import ROLES
from evenhand.protocol.reading import Rules
from evenhand.rules.nodes import Rule
from evenhand.rules.reading.scope import name_fault

Read = tuple[FormSheet, Sheet]


def resolve_forms(read: list[Read], arms: Mapping[str, str], faults: list[str]) -> dict[str, Form]:
    """All forms by id; each may name the entries of all others in its rules. Arms: id to label."""
    types = {sheet.id: _types(sheet) for sheet, _ in read}
    lists = {f"{name}{ENTRIES}": _entries(name, fields) for name, fields in types.items()}
    forms = {}
    for sheet, file in read:
        context = {**_context(arms), **{name: kind for name, kind in lists.items() if name != f"{sheet.id}{ENTRIES}"}}
        forms[sheet.id] = _Resolving(sheet, file, types[sheet.id], context, faults).form(tuple(arms))
    return forms


def _context(arms: Mapping[str, str]) -> dict[str, FactType]:
    """What every rule of a form may name besides: two dates of the participant, and the arm."""
    return {
        RANDOMIZED: FactType(RANDOMIZED, "date", "day of randomization"),
        REGISTERED: FactType(REGISTERED, "date", "day of registration"),
        ARM: FactType(ARM, "code", "arm", codes=arms),
    }


def _types(sheet: FormSheet) -> dict[str, FactType]:
    return {name: _type(name, field) for name, field in sheet.fields.items()}


def _type(name: str, sheet: ColumnSheet) -> FactType:
    columns = sheet.fields if isinstance(sheet, FieldSheet) else {}
    return FactType(
        name, sheet.kind, sheet.label, sheet.unit, sheet.codes, sheet.low, sheet.high, sheet.step,
        many=isinstance(sheet, FieldSheet) and sheet.many,
        key=sheet.key if isinstance(sheet, FieldSheet) else None,
        fields={column: _type(column, item) for column, item in columns.items()},
    )  # fmt: skip


def _entries(form: str, fields: Mapping[str, FactType]) -> FactType:
    """The entries of a form as a list, as rules of other forms see them: without tables."""
    plain = {name: kind for name, kind in fields.items() if kind.kind != "record"}
    return FactType(f"{form}{ENTRIES}", "record", f"entries of {form.replace('_', ' ')}", many=True, fields=plain)


class _Resolving:
    """One form on its way from sheet to model."""

    def __init__(
        self,
        sheet: FormSheet,
        file: Sheet,
        types: Mapping[str, FactType],
        context: Mapping[str, FactType],
        faults: list[str],
    ) -> None:
        self.sheet = sheet
        self.file = file
        self.types = types
        self.faults = faults
        self.words = Vocabulary({**context, **types})
        self.rules = Rules(self.words, {}, faults)
        for name in types.keys() & context.keys():
            self._fault(("fields", name), f"{name!r} is a name that the rules of every form have already")

    def form(self, arms: tuple[str, ...]) -> Form:
        sheet = self.sheet
        for place, arm in enumerate(sheet.arms):
            if arm not in arms:
                self._fault(("arms", place), f"{arm!r} is no arm: {', '.join(arms)}")
        if sheet.id != self.file.path.stem:
            self._fault(("id",), f"the form {sheet.id!r} stands in {self.file.path.name}: name it {sheet.id}.yaml")
        if sheet.repeats and sheet.visits:
            self._fault(("repeats",), "a form either repeats or belongs to visits")
        if sheet.day and (sheet.day not in self.types or self.types[sheet.day].kind != "date"):
            self._fault(("day",), f"{sheet.day!r} is no date of this form")
        for said in role_faults(sheet.reads, self.types):
            self._fault(("reads",), said)
        fields = {name: self._field(name, item, ("fields", name)) for name, item in sheet.fields.items()}
        return Form(
            sheet.id, sheet.title, sheet.domain, sheet.reads, sheet.repeats, sheet.visits, tuple(sheet.arms),
            tuple(sheet.entered_by), tuple(sheet.signed_by), sheet.day, fields, self._checks(), self.words,
            sheet.source or "",
        )  # fmt: skip

    def _field(self, name: str, sheet: ColumnSheet, keys: Keys) -> Field:
        for said in _field_faults(name, sheet):
            self._fault(keys, f"{name}: {said}")
        columns = None
        if isinstance(sheet, FieldSheet) and sheet.fields:
            columns = {
                column: self._field(column, item, (*keys, "fields", column)) for column, item in sheet.fields.items()
            }
        asked = self.rules.rule(sheet.asked_when, self.file, (*keys, "asked_when")) if sheet.asked_when else None
        kind = _type(name, sheet)
        return Field(
            replace(kind, required=sheet.required), sheet.cdash or "", sheet.help, sheet.expected_low,
            sheet.expected_high, asked, sheet.partial, sheet.bounds, sheet.from_, sheet.required, columns,
        )  # fmt: skip

    def _checks(self) -> tuple[Check, ...]:
        seen: set[str] = set()
        checks = []
        for number, item in enumerate(self.sheet.checks):
            keys: Keys = ("checks", number)
            if item.id in seen:
                self._fault((*keys, "id"), f"the id {item.id!r} stands here a second time")
            seen.add(item.id)
            for place, name in enumerate(item.fields):
                if name not in self.types:
                    self._fault((*keys, "fields", place), f"{name!r} is no field of this form")
            rule: Rule = self.rules.rule(item.when, self.file, (*keys, "when"))
            origin = item.source or item.assumed or ""
            checks.append(Check(item.id, rule, tuple(item.fields), item.say, item.hard, origin))
        return tuple(checks)

    def _fault(self, keys: Keys, said: str) -> None:
        self.faults.append(self.file.fault(keys, said))


def _field_faults(name: str, sheet: ColumnSheet) -> Iterator[str]:
    table = isinstance(sheet, FieldSheet) and sheet.many
    columns = sheet.fields if isinstance(sheet, FieldSheet) else {}
    if why := name_fault(name):
        yield why
    if (sheet.kind == "record") != table or (sheet.kind == "record") != bool(columns):
        yield "a table is a record with `many: true` and columns in `fields`, and nothing else has them"
    if isinstance(sheet, FieldSheet) and sheet.key is not None and sheet.key not in columns:
        yield f"its key {sheet.key!r} is none of its columns"
    if sheet.kind == "code" and not sheet.codes:
        yield "a code needs its `codes`"
    if sheet.asked_when and not isinstance(sheet, FieldSheet):
        yield "a column has no `asked_when`: a row is asked as a whole"
    if sheet.kind != "date" and sheet.partial:
        yield "only a date can be partial"
    if sheet.kind != "number" and (sheet.bounds or sheet.expected_low is not None or sheet.expected_high is not None):
        yield "only a number has `bounds`, `expected_low` or `expected_high`"


def role_faults(role: str, types: Mapping[str, FactType]) -> Iterator[str]:
    """What a form lacks to be read in its role."""
    if not role:
        return
    if role not in ROLES:
        yield f"nothing reads forms as {role!r}: there are {', '.join(sorted(ROLES))}"
        return
    wanted = ROLES[role]
    for name, kind in {**wanted.needs, **wanted.optional}.items():
        found = _at(name, types)
        if found is None and name in wanted.needs:
            yield f"to be read as {role!r} it needs the field {name!r} ({kind})"
        elif found is not None and found.kind != kind:
            yield f"to be read as {role!r} its field {name!r} must be of kind {kind}, not {found.kind}"


def _at(name: str, types: Mapping[str, FactType]) -> FactType | None:
    table, _, column = name.partition(".")
    found = types.get(table)
    return found if found is None or not column else found.fields.get(column)
