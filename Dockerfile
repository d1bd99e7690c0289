# The endpoint as a container without rights: docs/operating.md, "As a container".
#
#   docker build --tag cicakg .
#
# The base is named by its tag here. Whoever publishes an image names it by digest, so that two builds of one
# commit are one image:  docker build --build-arg PYTHON=python:3.11-slim-bookworm@sha256:… .
ARG PYTHON=python:3.11-slim-bookworm

# The locked build tools and the source make the wheel.
FROM ${PYTHON} AS wheel
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /source
COPY requirements/runtime.txt requirements/
RUN python -m venv /tools \
 && /tools/bin/pip install --no-deps --require-hashes --only-binary :all: -r requirements/runtime.txt
COPY pyproject.toml README.md LICENSE LICENSE-DATA THIRD-PARTY-NOTICES ./
COPY src src
COPY ontology ontology
COPY data data
COPY shapes shapes
COPY queries queries
COPY docs/annotating.md docs/
RUN /tools/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /wheels .

# What is served: the locked dependencies by their hashes and the wheel, compiled once, since nothing can be
# written later.
FROM ${PYTHON} AS installed
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
COPY requirements/runtime.txt /requirements/
COPY --from=wheel /wheels /wheels
RUN python -m venv /opt/cicakg \
 && /opt/cicakg/bin/pip install --no-deps --require-hashes --only-binary :all: -r /requirements/runtime.txt \
 && /opt/cicakg/bin/pip install --no-deps /wheels/cicakg-*.whl \
 && /opt/cicakg/bin/pip uninstall --yes pip \
 && /opt/cicakg/bin/python -m compileall -q /opt/cicakg/lib

FROM ${PYTHON}
LABEL org.opencontainers.image.title="cicakg" \
      org.opencontainers.image.description="A SPARQL endpoint over news about CICA" \
      org.opencontainers.image.licenses="Apache-2.0 AND CC-BY-4.0"
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 HOME=/nonexistent
COPY --from=installed /opt/cicakg /opt/cicakg
WORKDIR /
USER 65534:65534
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=8s --start-period=60s --retries=3 \
  CMD ["/opt/cicakg/bin/python", "-I", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/ready', timeout=7)"]
ENTRYPOINT ["/opt/cicakg/bin/cicakg"]
CMD ["serve", "--host", "0.0.0.0", "--log-format", "json"]
