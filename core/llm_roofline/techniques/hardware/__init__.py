"""Hardware: what the device itself can do (arXiv 2402.16363, section 6)."""
