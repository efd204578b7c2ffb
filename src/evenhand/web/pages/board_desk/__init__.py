"""The looks of the design on the safety board's pages: what was held, what is due, and recording one."""
