"""Triage: how large, how grave, how sure; file, ask or hold."""
