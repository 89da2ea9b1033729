"""From the device to the centre: identity, outbox, uplink; nothing recorded is lost or doubled."""
