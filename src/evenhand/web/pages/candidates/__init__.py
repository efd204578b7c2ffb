"""What the pages of one candidate are made of."""
