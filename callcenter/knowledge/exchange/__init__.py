"""Entries as tables that offices have: XLSX and Word."""
