"""Fast decoding: fewer parameters for each token, or more tokens for each pass (arXiv 2402.16363, section 4)."""
