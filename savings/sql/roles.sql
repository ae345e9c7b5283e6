-- The roles of DESIGN 10.25, the database they share, and what each may do there. For psql, as a superuser; safe to repeat.
--
--   psql -f savings/sql/roles.sql                       makes and prepares the database "banked"
--   psql -v database=other -f savings/sql/roles.sql     the same for another name
--
-- Passwords come from the environment when they are set (BANKED_OWNER_PASSWORD, BANKED_APP_PASSWORD, BANKED_WORKER_PASSWORD,
-- BANKED_READONLY_PASSWORD, BANKED_BACKUP_PASSWORD). The embedded server has none: only its owner reaches its socket.
\set ON_ERROR_STOP on
\set QUIET on
SET client_min_messages = warning;
\if :{?database}
\else
    \set database banked
\endif

SELECT format('CREATE ROLE %I LOGIN', role)
  FROM unnest(ARRAY['banked_owner', 'banked_app', 'banked_worker', 'banked_readonly', 'banked_backup']) AS role
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role)
\gexec

ALTER ROLE banked_owner    NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
ALTER ROLE banked_app      NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
ALTER ROLE banked_worker   NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
ALTER ROLE banked_readonly NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
ALTER ROLE banked_backup   NOSUPERUSER NOCREATEDB NOCREATEROLE BYPASSRLS;
ALTER ROLE banked_readonly SET default_transaction_read_only = on;
ALTER ROLE banked_backup   SET default_transaction_read_only = on;
-- A forgotten transaction holds locks that everybody else waits for.
ALTER ROLE banked_app    SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE banked_app    SET statement_timeout = '60s';

\getenv password BANKED_OWNER_PASSWORD
\if :{?password}
    ALTER ROLE banked_owner PASSWORD :'password';
\endif
\unset password
\getenv password BANKED_APP_PASSWORD
\if :{?password}
    ALTER ROLE banked_app PASSWORD :'password';
\endif
\unset password
\getenv password BANKED_WORKER_PASSWORD
\if :{?password}
    ALTER ROLE banked_worker PASSWORD :'password';
\endif
\unset password
\getenv password BANKED_READONLY_PASSWORD
\if :{?password}
    ALTER ROLE banked_readonly PASSWORD :'password';
\endif
\unset password
\getenv password BANKED_BACKUP_PASSWORD
\if :{?password}
    ALTER ROLE banked_backup PASSWORD :'password';
\endif
\unset password

SELECT format('CREATE DATABASE %I OWNER banked_owner', :'database')
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database')
\gexec

\connect :database
SET client_min_messages = warning;

REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO banked_app, banked_worker, banked_readonly, banked_backup;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO banked_app, banked_worker, banked_readonly, banked_backup;
-- Tables are granted one by one by the migration that walls them in; nothing is granted by default.
