"""The process that does what need not be done during a call."""
