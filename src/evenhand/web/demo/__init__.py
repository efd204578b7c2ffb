"""The demonstration: a trial of made-up people, alive today."""

from evenhand.web.demo.making import make_demonstration
from evenhand.web.demo.people import staff

__all__ = ["make_demonstration", "staff"]
