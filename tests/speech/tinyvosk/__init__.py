"""A model for vosk that the tests build themselves, from speech that espeak-ng makes here: nothing is downloaded.

It stands in for a real model so that vosk's own code runs. It knows one synthesiser and says nothing about how well
people are understood; it is never shipped, and its hits are never quoted as the product's.
"""
