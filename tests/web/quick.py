"""Passwords in tests: hashed as in use, so that any process of the program knows them, but with far fewer rounds."""

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class Quick(PBKDF2PasswordHasher):
    iterations = 1_000
