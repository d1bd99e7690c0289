"""The application as a whole: it is gone when nobody serves it any more."""

from __future__ import annotations

import gc
import weakref

from web_playing import AppClient, PlayedPool

from cicakg.web.app import create_app
from cicakg.web.site import Site
from cicakg.web.upkeep import Upkeep


def test_application_of_an_old_snapshot_is_freed(site: Site) -> None:
    """Each reload makes another application over the same upkeep; the one before is not kept by anything."""
    upkeep = Upkeep()
    applications = []
    for _ in range(3):
        app = create_app(PlayedPool(), site, upkeep)
        for path in ("/openapi.json", "/docs", "/query", "/health", "/sparql?query=ASK%7B%7D"):
            assert AppClient(app).get(path).status_code == 200
        applications.append(weakref.ref(app))
        del app
    gc.collect()
    # The last answer given may be held a little longer.
    assert [one() for one in applications[:-1]] == [None, None]
