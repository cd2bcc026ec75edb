"""Findings beside the board and in the notebook's cells; what a finding says and how it is checked is the core's."""
