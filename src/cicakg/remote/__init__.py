"""Another SPARQL 1.1 engine behind this front: it holds the data and evaluates, the front keeps its promises.

:mod:`cicakg.remote.pool` is the pool of such a server, :mod:`cicakg.remote.loading` puts a dataset there.
What an engine sends is believed only when it is complete (:mod:`cicakg.remote.answers`,
:mod:`cicakg.remote.transcription`).
"""
