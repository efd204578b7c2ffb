"""What the pages of reports and of the safety board are made of."""
