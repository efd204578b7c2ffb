"""Verification of a record: the chain, and every step taken again."""

from evenhand.replay.verification import Verification, verify_record

__all__ = ["Verification", "verify_record"]
