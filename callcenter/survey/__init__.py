"""How callers grade a talk after it is over, and what they say to a bad grade. The question itself is a flow (ivr)."""
