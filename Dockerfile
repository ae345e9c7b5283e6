# One image for web, worker, beat and every command of manage.py. docker-compose.yml says which runs what.

FROM python:3.11-slim-bookworm AS packages
COPY requirements.txt /requirements.txt
# From the lock and nothing else: a file that differs by a byte from the one we tested with is refused.
RUN python -m venv /opt/venv \
 && /opt/venv/bin/pip install --no-cache-dir --no-compile --require-hashes --no-deps --only-binary :all: -r /requirements.txt

FROM python:3.11-slim-bookworm
RUN groupadd --gid 10001 banked \
 && useradd --uid 10001 --gid banked --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin banked \
 && install -d -o banked -g banked -m 0700 /var/lib/banked /var/lib/banked/documents \
    /var/lib/banked/signing
COPY --from=packages /opt/venv /opt/venv
WORKDIR /srv/banked
COPY . .
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    BANKED_BOOTSTRAP=off \
    DATA_DIR=/var/lib/banked \
    MEDIA_ROOT=/var/lib/banked/documents \
    STATIC_ROOT=/srv/static
# The key is for this line only: without one the command would make a real one and leave it in the image.
RUN SECRET_KEY=while-collecting python manage.py collectstatic --noinput --verbosity 0 \
 && python -m compileall -q /opt/venv/lib councils partnerships savings
# The code belongs to root and the process does not, so what is served cannot be changed by what serves it.
USER banked
EXPOSE 8000
# The council's proxy ends TLS and must set or remove X-Forwarded-Proto. gunicorn beats its pulse in memory, not on disk.
CMD ["gunicorn", "savings.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "4", \
     "--max-requests", "2000", "--max-requests-jitter", "200", "--graceful-timeout", "30", "--worker-tmp-dir", "/dev/shm", \
     "--no-control-socket"]
