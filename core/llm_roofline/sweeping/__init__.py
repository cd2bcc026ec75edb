"""What a sweep is made of: its axes, totals of many workloads at once, and its parts on a cluster."""
