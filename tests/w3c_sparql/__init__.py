"""The W3C's SPARQL suites, asked over HTTP: their manifests, reading and comparing answers, what fails."""
