"""What a person may ask of us about themselves: to be forgotten, everywhere and for good."""
