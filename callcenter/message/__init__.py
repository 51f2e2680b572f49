"""Short messages (SMS) to callers and staff. Another feature asks for one by `message.service.enqueue`."""
