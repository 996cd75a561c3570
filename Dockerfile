# syntax=docker/dockerfile:1
# docker build -t xiaoqi .   (docs/operating.md tells of TORCH_INDEX, which makes it smaller)

FROM python:3.11-slim-bookworm AS built
# An index with wheels of PyTorch for CPUs, as PyTorch's own site names it; empty: the usual ones, with CUDA.
ARG TORCH_INDEX=""
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /build
RUN python -m venv /opt/xiaoqi
# First what rarely changes: the dependencies, in the versions in use.
COPY pyproject.toml constraints.txt ./
RUN python -c "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['project']['dependencies'], sep='\n')" > requirements.txt \
    && /opt/xiaoqi/bin/pip install -c constraints.txt ${TORCH_INDEX:+--extra-index-url "$TORCH_INDEX"} -r requirements.txt
COPY README.md ./
COPY bot bot
COPY knowledge knowledge
COPY retrieval retrieval
RUN /opt/xiaoqi/bin/pip install --no-deps .

FROM python:3.11-slim-bookworm
RUN groupadd --gid 10001 xiaoqi \
    && useradd --uid 10001 --gid xiaoqi --no-create-home --home-dir /tmp xiaoqi \
    && install -d -o xiaoqi -g xiaoqi -m 0750 /srv/xiaoqi/var
COPY --from=built /opt/xiaoqi /opt/xiaoqi
# All that is written goes to /srv/xiaoqi/var and /tmp: the rest may be mounted read-only.
ENV PATH=/opt/xiaoqi/bin:$PATH \
    HOME=/tmp \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    VAR_FOLDER=/srv/xiaoqi/var \
    DATABASE_URL=sqlite:////srv/xiaoqi/var/xiaoqi.db \
    WEBHOOK_HOST=0.0.0.0 \
    WEBHOOK_PORT=8443 \
    WATCH_HOST=0.0.0.0 \
    WATCH_PORT=8444 \
    LOG_FORMAT=json
WORKDIR /srv/xiaoqi
USER 10001:10001
VOLUME /srv/xiaoqi/var
EXPOSE 8443 8444
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=6s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen('http://127.0.0.1:%s/health' % os.environ['WEBHOOK_PORT' if os.environ.get('WEBHOOK_URL') else 'WATCH_PORT'], timeout=5)"]
ENTRYPOINT ["xiaoqi"]
CMD ["run"]
