"""Running the application: the server, what must hold before it starts, its log, and the chores of whoever runs it."""
