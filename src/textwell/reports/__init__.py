"""What became of a campaign, read only: figures, and behind every figure the list of its people.

A figure is never a claim about reading: a text message tells nobody that it was read. What is
counted is what happened: handed over, delivered, clicked by a person, answered, opted out.
"""
