"""Figures that are no sums over calls alone: how busy seats were, calls that come again, requests that were served.

They are computed only when they are named, for each costs a query of its own over the whole interval.
"""
