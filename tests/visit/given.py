"""What a site decides about its return visits, in the tests: the shipped settings and China's calendar."""

from callcenter.config import Settings
from callcenter.ivr.hours import Hours
from callcenter.visit.opening import rules_of

RULES = rules_of(Settings(), Hours())
