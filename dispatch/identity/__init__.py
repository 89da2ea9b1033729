"""Tell whether two sights are of one physical thing, and where that thing lies."""
