"""``python -m cicakg`` is the ``cicakg`` command."""

from cicakg.cli import run

run()
