"""What is asked and what is answered: scenario, plan, evaluation, table, memory, every number with its words.

No picture is in here.
"""
