"""The W3C's SPARQL suites, asked over HTTP: their manifests, how answers are read and compared, what fails."""
