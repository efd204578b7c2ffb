"""From a rule to canonical text and to English."""
