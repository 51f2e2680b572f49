"""The 12348 hotline: queue, seats, IVR, records and figures on Asterisk."""

__version__ = "0.1.0"
