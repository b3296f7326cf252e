"""What is due: one leader at a time runs these tasks."""
