"""Compares what four independent witnesses say of one day, and reports every difference."""
