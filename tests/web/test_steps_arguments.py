"""Every step can be taken through the store as it is: the store's own arguments have other names than any step's."""

from inspect import Parameter, isfunction, signature
from typing import get_type_hints

import pytest

from evenhand import administration, steps
from evenhand.protocol import Protocol
from evenhand.web.store import perform

PASSED_ON = {"by"}  # what the store gives to the step as it is
STEPS = [
    step
    for room in (steps, administration)
    for name in room.__all__
    if isfunction(step := getattr(room, name))
    and list(signature(step).parameters)[:2] == ["protocol", "history"]
    and {"by", "at"} <= signature(step).parameters.keys()
]
KEPT = {
    name
    for name, one in signature(perform).parameters.items()
    if one.kind is Parameter.KEYWORD_ONLY and name not in PASSED_ON
}


def test_the_steps_are_found():
    assert {steps.sign_forms, steps.verify_source, steps.randomize, administration.open_site} <= set(STEPS)
    assert all(get_type_hints(step)["protocol"] in (Protocol, Protocol | None) for step in STEPS)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
def test_no_argument_of_a_step_is_kept_by_the_store(step):
    assert not KEPT & signature(step).parameters.keys()
