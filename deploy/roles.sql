-- Two roles of PostgreSQL: one that migrates, one that serves. Once, as a superuser, in the site's empty database:
--
--   createdb catalogue
--   psql catalogue -v migrate_password=... -v app_password=... -f deploy/roles.sql
--
-- The site and the worker use catalogue_app in DATABASE_URL; what changes tables uses catalogue_migrate: docs/security.md

\set ON_ERROR_STOP on
\if :{?migrate} \else \set migrate catalogue_migrate \endif
\if :{?app} \else \set app catalogue_app \endif
BEGIN;
-- Databases, because a backup is proved by restoring it into one of its own.
CREATE ROLE :"migrate" LOGIN PASSWORD :'migrate_password' NOSUPERUSER CREATEDB NOCREATEROLE;
CREATE ROLE :"app" LOGIN PASSWORD :'app_password' NOSUPERUSER NOCREATEDB NOCREATEROLE;

-- A page has its answer in milliseconds; a statement of the worker takes seconds.
ALTER ROLE :"app" SET statement_timeout = '60s';
ALTER ROLE :"app" SET lock_timeout = '30s';
ALTER ROLE :"app" SET jit = off; -- the site says so itself, which a pooler does not pass on
ALTER ROLE :"app" SET idle_in_transaction_session_timeout = '5min';

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO :"migrate";
GRANT USAGE ON SCHEMA public TO :"app";

-- Rows, and nothing else, of every table that the first role makes, now and later.
ALTER DEFAULT PRIVILEGES FOR ROLE :"migrate" IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO :"app";
ALTER DEFAULT PRIVILEGES FOR ROLE :"migrate" IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO :"app";
COMMIT;
