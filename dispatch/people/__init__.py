"""Who decides: people, their roles and powers, their accounts."""
