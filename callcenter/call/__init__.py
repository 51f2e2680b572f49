"""One call from the trunk's answer to the last goodbye: its facts, its record, its outcome."""
