"""Rules that can never be true, or never false."""
