"""All indicators, one entry each: names, formula in words, formula as data."""
