"""Benchmarks that others can repeat: the same year in several simulators, and how ours grows. See README.md."""
