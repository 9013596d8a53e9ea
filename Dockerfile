# coalition-bot as a container. docs/operations.md explains how to run it; everything it stores is in /data.
# Debian 13 of 2026-08-24, the index of all platforms. A newer one: docker buildx imagetools inspect debian:trixie-slim
ARG BASE=debian:trixie-slim@sha256:d7e12182ce18b85b93007c1dedf31f2d29e01ccf3182cc4017c709b6259bc132
FROM ${BASE} AS build
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates python3-venv
WORKDIR /src
COPY requirements.txt requirements-build.txt ./
RUN python3 -m venv /opt/build && python3 -m venv /opt/coalition-bot \
 && /opt/build/bin/pip install --no-cache-dir --require-hashes -r requirements-build.txt \
 && /opt/coalition-bot/bin/pip install --no-cache-dir --require-hashes -r requirements.txt
COPY . .
# The package itself, without a network; pip has done its work then.
RUN /opt/build/bin/python -m hatchling build -t wheel -d /tmp/wheel \
 && /opt/coalition-bot/bin/pip install --no-cache-dir --no-index --no-deps /tmp/wheel/*.whl \
 && /opt/coalition-bot/bin/pip uninstall --yes pip

FROM ${BASE}
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates python3 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 1000 --no-create-home --shell /usr/sbin/nologin coalition \
 && install --directory --owner=coalition --group=coalition --mode=0700 /data
COPY --from=build /opt/coalition-bot /opt/coalition-bot
# A container's own 127.0.0.1 cannot be reached from outside of it. It listens only with WEB_URL or SLACK_MODE=http.
ENV PATH=/opt/coalition-bot/bin:$PATH PYTHONUNBUFFERED=1 WEB_BIND=0.0.0.0:8080
EXPOSE 8080
USER coalition
WORKDIR /data
VOLUME /data
HEALTHCHECK --interval=60s --timeout=20s --start-period=60s CMD ["coalition-bot", "status", "--running"]
ENTRYPOINT ["coalition-bot"]
CMD ["run"]
