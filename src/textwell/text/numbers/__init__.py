"""Telephone numbers: read in any spelling, given out in E.164."""
