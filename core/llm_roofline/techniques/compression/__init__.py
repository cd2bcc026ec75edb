"""Model compression: fewer and narrower weights (arXiv 2402.16363, section 3)."""
