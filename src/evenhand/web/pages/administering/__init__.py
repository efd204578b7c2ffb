"""The pages of an administrator, one module each."""
