-- The second wall (DESIGN 10.21, 22, 25, 26): row-level security forced on every table. Read by partnership, write by
-- council. The owner has an explicit policy, because foreign keys and dumps run as owner; the worker sees everything;
-- the backup role bypasses. Lists come from scope_open, which works them out itself from roles and memberships.

CREATE FUNCTION scope_open(p_person bigint, p_on date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE r record; v_partnerships bigint[]; v_shown bigint[]; v_fellows bigint[];
BEGIN
    SELECT coalesce(array_agg(DISTINCT council_id) FILTER (WHERE council_id IS NOT NULL), '{}') AS councils,
           coalesce(array_agg(DISTINCT council_id) FILTER (WHERE what IN ('finance_officer', 'finance_lead')), '{}') AS writes,
           coalesce(array_agg(DISTINCT council_id) FILTER (WHERE what = 'finance_lead'), '{}') AS leads,
           coalesce(array_agg(DISTINCT council_id) FILTER (WHERE what = 'auditor'), '{}') AS audits,
           coalesce(bool_or(what = 'administrator'), false) AS administers
    INTO r FROM councils_role
    WHERE person_id = p_person AND starts_on <= p_on AND (ends_on IS NULL OR ends_on > p_on)
      AND NOT EXISTS (SELECT 1 FROM councils_role later WHERE later.replaces_id = councils_role.id);
    SELECT coalesce(array_agg(DISTINCT id), '{}') INTO v_partnerships FROM (
        SELECT partnership_id AS id FROM partnerships_membership WHERE council_id = ANY (r.councils)
        UNION ALL
        SELECT p.id FROM partnerships_partnership p WHERE p.founded_by_id = p_person
          AND NOT EXISTS (SELECT 1 FROM partnerships_membership m WHERE m.partnership_id = p.id)) mine;
    SELECT coalesce(array_agg(partnership_id), '{}') INTO v_shown FROM (
        SELECT DISTINCT ON (partnership_id) partnership_id, who FROM partnerships_audience
        ORDER BY partnership_id, id DESC) latest
    WHERE who = 'public' OR (who = 'sector' AND p_person IS NOT NULL);
    SELECT coalesce(array_agg(DISTINCT council_id), '{}') INTO v_fellows FROM (
        SELECT council_id FROM partnerships_membership WHERE partnership_id = ANY (v_partnerships)
        UNION ALL SELECT unnest(r.councils)) near;
    PERFORM set_config('banked.person', CASE WHEN p_person IS NULL THEN '{}' ELSE format('{%s}', p_person) END, true),
            set_config('banked.councils', r.councils::text, true),
            set_config('banked.writes', r.writes::text, true),
            set_config('banked.leads', r.leads::text, true),
            set_config('banked.audits', r.audits::text, true),
            set_config('banked.administers', CASE WHEN r.administers THEN '{1}' ELSE '{}' END, true),
            set_config('banked.partnerships', v_partnerships::text, true),
            set_config('banked.shown', v_shown::text, true),
            set_config('banked.fellows', v_fellows::text, true);
END $$;

CREATE FUNCTION scope_has(p_name text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT cardinality(scope_ids(p_name)) > 0
$$;

CREATE FUNCTION has_member(p_name text, p_partnership bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- Whether one of the scope's councils (by the list's name) is or was a member. Runs as the owner, because a policy that
-- reads the table it guards would ask itself for ever.
    SELECT EXISTS (SELECT 1 FROM partnerships_membership
                   WHERE partnership_id = p_partnership AND council_id = ANY (scope_ids(p_name)))
$$;

CREATE FUNCTION oldest_waiting_mark() RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- For readiness, asked outside any scope: parked keys wait for a person, not for the worker, and tell nothing of it.
    SELECT min(m.made_at) FROM savings_mark m WHERE NOT EXISTS (
        SELECT 1 FROM savings_attempt a
        WHERE a.partnership_id = m.partnership_id AND a.year = m.year AND a.parked_at IS NOT NULL)
$$;

REVOKE ALL ON FUNCTION act_open, act_seal, act_note, scope_open, entry_state_refresh FROM PUBLIC;
GRANT EXECUTE ON FUNCTION act_open, act_seal, scope_open TO banked_app, banked_worker;
GRANT EXECUTE ON FUNCTION scope_open TO banked_readonly;
GRANT EXECUTE ON FUNCTION entry_state_refresh TO banked_worker;
GRANT USAGE ON SCHEMA public TO banked_app, banked_worker, banked_readonly, banked_backup;

CREATE PROCEDURE wall(p_table text, p_read text, p_write text) LANGUAGE plpgsql AS $$
-- One table behind the wall: what the application and the read-only role may read, and what the application may insert.
BEGIN
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', p_table);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', p_table);
    EXECUTE format('CREATE POLICY owner_all ON %I TO banked_owner USING (true) WITH CHECK (true)', p_table);
    EXECUTE format('CREATE POLICY worker_all ON %I TO banked_worker USING (true) WITH CHECK (true)', p_table);
    EXECUTE format('CREATE POLICY scope_read ON %I FOR SELECT TO banked_app, banked_readonly USING (%s)', p_table, p_read);
    EXECUTE format('GRANT SELECT ON %I TO banked_app, banked_worker, banked_readonly, banked_backup', p_table);
    IF p_write IS NOT NULL THEN
        EXECUTE format('CREATE POLICY scope_write ON %I FOR INSERT TO banked_app WITH CHECK (%s)', p_table, p_write);
        EXECUTE format('GRANT INSERT ON %I TO banked_app', p_table);
    END IF;
END $$;

DO $$
DECLARE
    in_scope text := 'partnership_id = ANY ((SELECT scope_ids(''partnerships''))::bigint[])';
    or_shown text := 'partnership_id = ANY ((SELECT scope_ids(''partnerships''))::bigint[])
        OR partnership_id = ANY ((SELECT scope_ids(''shown''))::bigint[])';
    own text := 'council_id = ANY ((SELECT scope_ids(''councils''))::bigint[])';
    writes text := 'council_id = ANY ((SELECT scope_ids(''writes''))::bigint[])';
    leads text := 'council_id = ANY ((SELECT scope_ids(''leads''))::bigint[])';
    audits text := 'council_id = ANY ((SELECT scope_ids(''audits''))::bigint[])';
    administers text := '(SELECT scope_has(''administers''))';
    member_writes text;
    member_leads text;
    t text;
BEGIN
    member_writes := in_scope || ' AND has_member(''writes'', partnership_id)';
    member_leads := '(' || in_scope || ' AND has_member(''leads'', partnership_id)) OR EXISTS (SELECT 1 FROM partnerships_partnership p WHERE p.id = %1$I.partnership_id
            AND p.founded_by_id = (SELECT scope_person()) AND p.act_id = %1$I.act_id)';

    -- the register and the parameters: everybody reads, administrators add
    FOREACH t IN ARRAY ARRAY['councils_council', 'councils_councilalias', 'councils_succession', 'councils_outturn',
        'partnerships_service', 'savings_deflatorrelease', 'savings_deflator', 'savings_discountrate',
        'savings_optimismbias', 'savings_study'] LOOP
        CALL wall(t, 'true', administers);
    END LOOP;
    CALL wall('partnerships_publicclaim', 'true', NULL);
    CALL wall('partnerships_maptotal', 'true', NULL);
    CALL wall('councils_budgetgap', own, leads);

    -- people
    CALL wall('councils_person',
        'system OR id = (SELECT scope_person()) OR EXISTS (SELECT 1 FROM councils_role r
            WHERE r.person_id = councils_person.id AND r.council_id = ANY ((SELECT scope_ids(''fellows''))::bigint[]))',
        'NOT system AND ((SELECT scope_has(''leads'')) OR ' || administers || ')');
    CALL wall('councils_role',
        'person_id = (SELECT scope_person()) OR council_id = ANY ((SELECT scope_ids(''fellows''))::bigint[]) OR '
            || administers,
        leads || ' OR ' || administers);

    -- acts and seals: written by their functions only
    CALL wall('councils_stream', 'council_id IS NULL OR ' || own, NULL);
    CALL wall('councils_event', 'EXISTS (SELECT 1 FROM councils_stream s WHERE s.id = stream_id AND (
        s.council_id = ANY ((SELECT scope_ids(''councils''))::bigint[])
        OR (s.key = ''register'' AND (SELECT scope_has(''administers'')))))', NULL);
    CALL wall('councils_act', 'person_id = (SELECT scope_person())
        OR EXISTS (SELECT 1 FROM councils_event e WHERE e.act_id = councils_act.id)', NULL);
    CALL wall('councils_written', 'EXISTS (SELECT 1 FROM councils_act a WHERE a.id = act_id)', NULL);

    -- the arrangement: its members, and whoever it is shown to
    CALL wall('partnerships_partnership',
        'id = ANY ((SELECT scope_ids(''partnerships''))::bigint[]) OR id = ANY ((SELECT scope_ids(''shown''))::bigint[])
            OR founded_by_id = (SELECT scope_person())',
        'founded_by_id = (SELECT scope_person()) AND (SELECT scope_has(''leads''))');
    FOREACH t IN ARRAY ARRAY['partnerships_partnershipservice', 'partnerships_purpose', 'partnerships_vehicle',
        'partnerships_audience', 'partnerships_ending', 'partnerships_membership', 'partnerships_resolution'] LOOP
        CALL wall(t, or_shown, format(member_leads, t));
    END LOOP;

    -- the promise
    FOREACH t IN ARRAY ARRAY['partnerships_businesscase', 'partnerships_baseline', 'partnerships_plannedline',
        'partnerships_plannedcharge'] LOOP
        CALL wall(t, in_scope, member_writes);
    END LOOP;
    CALL wall('partnerships_approval', in_scope, leads || ' AND ' || in_scope);

    -- the ledger
    FOREACH t IN ARRAY ARRAY['savings_indicator', 'savings_reading', 'savings_scheme', 'savings_schemestatus'] LOOP
        CALL wall(t, in_scope, member_writes);
    END LOOP;
    CALL wall('savings_budgetreduction', own, writes);
    CALL wall('savings_entry', in_scope,
        in_scope || ' AND ' || writes || ' AND (series <> ''projected'' OR ' || leads || ')');
    CALL wall('savings_charge', in_scope,
        in_scope || ' AND ' || writes || ' AND (series <> ''projected'' OR ' || leads || ')');
    CALL wall('savings_entrystate', in_scope, NULL);
    CALL wall('savings_document', in_scope, in_scope || ' AND ' || writes);
    CALL wall('savings_support', in_scope, in_scope || ' AND ' || writes);
    CALL wall('savings_decision', in_scope, in_scope || ' AND ((outcome IN (''signed_off'', ''returned'') AND ' || leads
        || ') OR (outcome IN (''audited'', ''exception'') AND ' || audits || '))');
    CALL wall('savings_dispute', in_scope, in_scope || ' AND ' || writes);
    CALL wall('savings_disputeoutcome', in_scope, in_scope || ' AND ' || leads);
    CALL wall('savings_distinction', in_scope, in_scope || ' AND has_member(''leads'', partnership_id)');
    CALL wall('savings_return', in_scope,
        in_scope || ' AND ((step = ''submitted'' AND ' || writes || ') OR ' || leads || ')');

    -- roll-ups: each audience its own rows; marks tell nothing but that something waits
    CALL wall('savings_rollup', '(audience = ''members'' AND ' || in_scope || ')
        OR (audience = ''public'' AND partnership_id = ANY ((SELECT scope_ids(''shown''))::bigint[]))
        OR (audience = ''sector'' AND (SELECT scope_has(''person''))
            AND partnership_id = ANY ((SELECT scope_ids(''shown''))::bigint[]))', NULL);
    CALL wall('savings_mark', 'true', NULL);
    CALL wall('savings_attempt', or_shown || ' OR ' || administers, NULL);
    GRANT INSERT, UPDATE, DELETE ON savings_rollup, savings_mark, savings_attempt TO banked_worker;

    -- jobs and reports
    CALL wall('savings_job', 'person_id = (SELECT scope_person())', 'person_id = (SELECT scope_person())');
    CALL wall('savings_report', own, own || ' AND ' || in_scope || ' AND asked_by_id = (SELECT scope_person())');
    CALL wall('savings_reportfile', own, NULL);
    CALL wall('savings_heartbeat', 'true', NULL);
    GRANT INSERT, UPDATE, DELETE ON savings_job, savings_heartbeat TO banked_worker;
    GRANT INSERT ON ALL TABLES IN SCHEMA public TO banked_worker;
    REVOKE INSERT ON councils_act, councils_stream, councils_written, councils_event FROM banked_worker;
END $$;

DO $$
-- What the frameworks keep (accounts, sessions, migrations) is read before any scope exists.
DECLARE t text;
BEGIN
    FOR t IN SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
             AND NOT relforcerowsecurity LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY owner_all ON %I TO banked_owner USING (true) WITH CHECK (true)', t);
        EXECUTE format('CREATE POLICY framework ON %I TO banked_app, banked_worker USING (true) WITH CHECK (true)', t);
        EXECUTE format('GRANT SELECT ON %I TO banked_backup', t);
        IF t = 'django_migrations' THEN
            EXECUTE format('GRANT SELECT ON %I TO banked_app, banked_worker', t);
        ELSE
            EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO banked_app, banked_worker', t);
        END IF;
    END LOOP;
END $$;
