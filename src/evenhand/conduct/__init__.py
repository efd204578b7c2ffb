"""Everything between randomization and off-study, as functions of the protocol and the record."""
