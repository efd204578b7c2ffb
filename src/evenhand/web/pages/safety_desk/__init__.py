"""The safety desk: who must hear of what by when, the events, and how many there are of each grade."""
