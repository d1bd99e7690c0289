"""SERVICE: the calls to other SPARQL endpoints that the operator allowed, and no others.

Nothing is evaluated here and nothing that a query or another server sent is parsed here: the query
processes do both, and have no socket.
"""

from cicakg.federation.allowed import AllowList, Endpoint, read_allowed
from cicakg.federation.calling import Caller, CallLimits
from cicakg.federation.pool import FederatedPool

__all__ = ["AllowList", "CallLimits", "Caller", "Endpoint", "FederatedPool", "read_allowed"]
