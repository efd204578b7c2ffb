"""Facts about a person: their vocabulary, their form, and how they stood on a day."""

from evenhand.facts.fact import (
    COMPLETE,
    Attestation,
    Fact,
    Items,
    Person,
    Problem,
    Record,
    Scalar,
    Seen,
    Source,
    Value,
)
from evenhand.facts.said import said
from evenhand.facts.view import Derivation, View
from evenhand.facts.vocabulary import FactType, Kind, Vocabulary

__all__ = [
    "COMPLETE",
    "Attestation",
    "Derivation",
    "Fact",
    "FactType",
    "Items",
    "Kind",
    "Person",
    "Problem",
    "Record",
    "Scalar",
    "Seen",
    "Source",
    "Value",
    "View",
    "Vocabulary",
    "said",
]
