"""The calendar of visits: days, weeks, and what stands in them."""
