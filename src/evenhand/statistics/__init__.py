"""Statistics of a randomized trial with survival as its endpoint: knows no protocol and no record."""
