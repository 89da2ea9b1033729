"""The folder of a city: what each of its files holds, and how they fit together."""
