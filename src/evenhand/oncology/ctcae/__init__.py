"""CTCAE: terms and grades of adverse events, search among them, and the grading of laboratory values."""
