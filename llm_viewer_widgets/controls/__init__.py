"""What a person sets: each control asks the session and shows what it then holds; no chart lives here."""
