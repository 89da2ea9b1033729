"""Readers of the ways in which labelled pictures are handed around, one file each."""
