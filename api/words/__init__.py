"""How things are said to people: names, reasons, choices, stories of cases."""
