"""The pages after randomization, by part: one participant, the list of them, forms and their entries."""
