"""Who is let in: people by password and session, devices by signature, citizens by number."""
