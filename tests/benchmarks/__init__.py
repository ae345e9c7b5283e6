"""What things cost, as ratios to a peer measured in the same minute: `python -m tests.benchmarks [name]`."""
