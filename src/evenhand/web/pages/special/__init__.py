"""Pages of forms that ask in a way of their own: adverse events by term, scans by lesion."""
