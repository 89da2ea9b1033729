"""How what devices send is understood: on the spot, or under load in a process of its own."""
