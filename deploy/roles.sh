#!/bin/sh
# Run once by the image of PostgreSQL, when its database is new.
set -eu
psql --username postgres --dbname "$POSTGRES_DB" --set ON_ERROR_STOP=1 \
  --set migrate_password="$MIGRATE_PASSWORD" --set app_password="$APP_PASSWORD" --file /roles.sql
