"""Tests every part of a home and says in words what is wrong and what to do. Works with nothing running."""
