"""The shapes of requests and answers; answers have no defaults."""
