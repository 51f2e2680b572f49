"""Stories on a real Asterisk."""

import pytest

pytest.register_assert_rewrite("tests.asterisk.counting", "tests.asterisk.every_side")
"""What these compare is shown when it differs, as in a test."""
