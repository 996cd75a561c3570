"""Looks at everything that a desk needs, changes nothing, and says what to mend."""
