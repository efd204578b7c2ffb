"""The web application: the same steps, for people and for other systems."""
