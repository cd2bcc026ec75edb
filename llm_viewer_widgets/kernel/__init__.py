"""The kernel's side of a board: state, session, messages, beginning and end; nothing that is seen lives here."""
