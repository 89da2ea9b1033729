"""What the centre answers over HTTP: each route parses, calls one use case, shapes the answer."""
