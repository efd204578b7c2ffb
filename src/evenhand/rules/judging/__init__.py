"""Reading a rule to answer it: the judge, which is the reference for every other reader."""
