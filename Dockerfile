# Two stages: packages are installed with their hashes in the first, and the second has no pip cache and no compiler.
FROM python:3.13-slim AS packages
# EXTRA=s3: pictures in a bucket
ARG EXTRA=
COPY requirements.txt requirements-s3.txt /
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes \
    -r /requirements.txt ${EXTRA:+-r /requirements-$EXTRA.txt}

FROM python:3.13-slim
LABEL org.opencontainers.image.title="Cuemark" org.opencontainers.image.licenses="MIT"
# pg_dump for `manage.py backup`
RUN apt-get update && apt-get install --yes --no-install-recommends postgresql-client && rm -rf /var/lib/apt/lists/*
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 BIND=0.0.0.0:8000 \
    MEDIA_ROOT=/data/media IMPORT_ROOT=/data/imports
COPY --from=packages /venv /venv
WORKDIR /app
COPY . .
RUN SECRET_KEY=for-the-build-alone ALLOWED_HOSTS=localhost python manage.py collectstatic --noinput \
    && python -m compileall -q catalogue reviews \
    && install --directory --owner=10001 --group=10001 /data /backups
USER 10001:10001
VOLUME ["/data", "/backups"]
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s CMD ["python", "deploy/healthcheck.py"]
CMD ["gunicorn", "-c", "deploy/gunicorn.conf.py"]
