"""Files of people: read, checked, applied in bulk, undone."""
