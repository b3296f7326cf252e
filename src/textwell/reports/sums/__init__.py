"""Sums of a figure that are known without a look at the messages."""
