"""A number at a provider in the cloud that takes calls while the site is down (TwiML)."""
