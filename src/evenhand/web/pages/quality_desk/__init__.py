"""The quality desk: what is asked, what waits for whom, deviations, and how well data come in."""
