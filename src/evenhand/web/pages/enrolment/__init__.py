"""What the pages of consent, registration and randomization are made of."""
