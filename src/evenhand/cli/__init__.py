"""The command line."""

from evenhand.cli.main import main

__all__ = ["main"]
