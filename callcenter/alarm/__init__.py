"""Rules over what the product knows of itself. A broken one is raised, acknowledged, cleared."""
