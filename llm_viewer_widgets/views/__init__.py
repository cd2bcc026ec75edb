"""What draws a state: charts, table and texts, one a file; a view asks nobody but the functions that it is given."""
