"""What the pages of the record show: who sees what, search, entries in words, before and after."""
