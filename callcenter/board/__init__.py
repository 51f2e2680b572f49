"""What is going on now: calls, seats, lines, figures. A fold of the events the engine stored; no truth of its own."""
