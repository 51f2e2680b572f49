"""Return visits (回访): whoever was dissatisfied, complained or was drawn is asked again, by somebody else."""
