"""Versions of flows: drafted, checked, published with a reason, taken back."""
