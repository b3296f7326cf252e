"""What people did elsewhere: events as their senders told them, each kept once, by time.

An event that names nobody we know is kept with what it named, so that it counts once the person is
known. Kept for good; the keys that recognise a repeated event are kept for ninety days.
"""
