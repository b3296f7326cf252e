"""Many people in one call, without a file."""
