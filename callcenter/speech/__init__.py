"""Speech of callers into words, by vosk in a process of its own: its C++ code may fall over on a bad model or word."""
