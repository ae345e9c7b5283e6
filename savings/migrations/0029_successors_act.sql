-- Who acts for a council that is no more, and how far back (or on) a member sees (DESIGN 10.20, 10.21).
--
-- A role of a council that others came after ends on that day, whatever the row says; the successors' people hold for the
-- predecessor what they hold for the successor. A member sees the years in which a council of theirs was a member at some
-- time, and its own rows always; whoever has left reads what was written until then, and nothing of what came later.

CREATE FUNCTION roles_held(p_person bigint, p_on date) RETURNS TABLE (council_id bigint, what text, through_id bigint)
LANGUAGE sql STABLE AS $$
-- What a person may do on a day: roles in force, and the same for every predecessor of their councils; `through_id` is the
-- council they hold it from. Page and wall ask this one function.
    WITH RECURSIVE held AS (
        SELECT r.council_id, r.what, r.council_id AS through_id FROM councils_role r
        WHERE r.person_id = p_person AND r.starts_on <= p_on AND (r.ends_on IS NULL OR r.ends_on > p_on)
          AND NOT EXISTS (SELECT 1 FROM councils_role later WHERE later.replaces_id = r.id)
          AND (r.council_id IS NULL OR passed_on(r.council_id) > p_on) IS NOT FALSE
        UNION
        SELECT s.predecessor_id, held.what, held.through_id FROM held JOIN councils_succession s
            ON s.successor_id = held.council_id AND s."on" <= p_on
    )
    SELECT held.council_id, held.what, held.through_id FROM held
$$;

CREATE OR REPLACE FUNCTION scope_open(p_person bigint, p_on date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE r record; v_partnerships bigint[]; v_shown bigint[]; v_fellows bigint[]; v_limited bigint[]; v_years text[];
    v_acts bigint[];
BEGIN
    SELECT coalesce(array_agg(DISTINCT council_id) FILTER (WHERE council_id IS NOT NULL), '{}') AS councils,
           coalesce(array_agg(DISTINCT council_id) FILTER (WHERE what IN ('finance_officer', 'finance_lead')), '{}') AS writes,
           coalesce(array_agg(DISTINCT council_id) FILTER (WHERE what = 'finance_lead'), '{}') AS leads,
           coalesce(array_agg(DISTINCT council_id) FILTER (WHERE what = 'auditor'), '{}') AS audits,
           coalesce(bool_or(what = 'administrator'), false) AS administers
    INTO r FROM roles_held(p_person, p_on);
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
    SELECT coalesce(array_agg(partnership_id), '{}'), coalesce(array_agg(years::text), '{}'), coalesce(array_agg(acts), '{}')
    INTO v_limited, v_years, v_acts FROM membership_sight(r.councils, p_on) WHERE years <> '{(,)}' OR acts IS NOT NULL;
    PERFORM set_config('banked.person', CASE WHEN p_person IS NULL THEN '{}' ELSE format('{%s}', p_person) END, true),
            set_config('banked.councils', r.councils::text, true),
            set_config('banked.writes', r.writes::text, true),
            set_config('banked.leads', r.leads::text, true),
            set_config('banked.audits', r.audits::text, true),
            set_config('banked.administers', CASE WHEN r.administers THEN '{1}' ELSE '{}' END, true),
            set_config('banked.partnerships', v_partnerships::text, true),
            set_config('banked.shown', v_shown::text, true),
            set_config('banked.fellows', v_fellows::text, true),
            set_config('banked.limited', v_limited::text, true),
            set_config('banked.limited_years', v_years::text, true),
            set_config('banked.limited_acts', v_acts::text, true);
END $$;

CREATE FUNCTION financial_year(p_day date) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT extract(year FROM p_day - interval '3 months')::integer
$$;

CREATE FUNCTION membership_sight(p_councils bigint[], p_on date)
RETURNS TABLE (partnership_id bigint, years int4multirange, acts bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- By partnership, the financial years in which one of the councils was a member, and the last act that all of them were
-- there for (null while one still is). Whoever was there from the start sees what came before it, the setting up; whoever
-- was there to the end of the partnership sees what comes after, the winding up.
    SELECT m.partnership_id,
           range_agg(int4range(
               CASE WHEN financial_year(m.starts_on) > financial_year(p.started_on) THEN financial_year(m.starts_on) END,
               CASE WHEN gone THEN financial_year(m.ends_on - 1) + 1 END)),
           CASE WHEN bool_and(gone) THEN coalesce(
               (SELECT a.id FROM councils_act a WHERE a.at < max(m.ends_on) ORDER BY a.at DESC, a.id DESC LIMIT 1), 0) END
    FROM partnerships_membership m
        JOIN partnerships_partnership p ON p.id = m.partnership_id
        LEFT JOIN partnerships_ending e ON e.partnership_id = m.partnership_id
        CROSS JOIN LATERAL (
            SELECT m.ends_on IS NOT NULL AND m.ends_on <= p_on AND (e.ended_on IS NULL OR m.ends_on < e.ended_on) AS gone) g
    WHERE m.council_id = ANY (p_councils)
      AND NOT EXISTS (SELECT 1 FROM partnerships_membership later WHERE later.replaces_id = m.id)
    GROUP BY m.partnership_id
$$;
REVOKE ALL ON FUNCTION membership_sight FROM PUBLIC;

CREATE FUNCTION sees_all_years() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
-- As for most people: every partnership of theirs had a council of theirs from its start until now. Without a scope it is
-- for the other policy of the table to raise.
    SELECT coalesce(current_setting('banked.limited', true), '') IN ('', '{}')
$$;
CREATE FUNCTION sees_year(p_partnership bigint, p_year integer) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce((current_setting('banked.limited_years')::int4multirange[])
        [array_position(scope_ids('limited'), p_partnership)] @> p_year, true)
$$;
CREATE FUNCTION sees_act(p_partnership bigint, p_act bigint) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(p_act <= (scope_ids('limited_acts'))[array_position(scope_ids('limited'), p_partnership)], true)
$$;
CREATE FUNCTION sees_entry(p_entry bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce((SELECT e.council_id = ANY (scope_ids('councils')) OR sees_year(e.partnership_id, e.year)
                     FROM savings_entry e WHERE e.id = p_entry), true)
$$;
CREATE FUNCTION sees_document(p_partnership bigint, p_document bigint, p_act bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- One that supports nothing was written to the partnership; the others go with what they support.
    SELECT coalesce((SELECT bool_or(sees_entry(u.entry_id)) FROM savings_support u
                     WHERE u.document_id = p_document AND u.withdraws_id IS NULL), sees_act(p_partnership, p_act))
$$;
REVOKE ALL ON FUNCTION sees_entry, sees_document FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sees_entry, sees_document TO banked_app, banked_worker, banked_readonly;

CREATE PROCEDURE sight_wall(p_table text, p_clause text) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE POLICY sight ON %I AS RESTRICTIVE FOR SELECT TO banked_app, banked_readonly
        USING ((SELECT sees_all_years()) OR %s)', p_table, p_clause);
END $$;

DO $$
DECLARE
    t text;
    own text := 'council_id = ANY ((SELECT scope_ids(''councils''))::bigint[])';
BEGIN
    -- what is of a year
    FOREACH t IN ARRAY ARRAY['savings_entry', 'savings_distinction', 'savings_distinctionacross', 'savings_doubleclaim',
        'savings_savingended'] LOOP
        CALL sight_wall(t, own || ' OR sees_year(partnership_id, year)');
    END LOOP;
    CALL sight_wall('savings_charge', own || ' OR payer_id = ANY ((SELECT scope_ids(''councils''))::bigint[])
        OR receiver_id = ANY ((SELECT scope_ids(''councils''))::bigint[]) OR sees_year(partnership_id, year)');
    CALL sight_wall('savings_rollup', own || ' OR audience <> ''members'' OR sees_year(partnership_id, year)');
    FOREACH t IN ARRAY ARRAY['savings_return', 'savings_reading', 'savings_confirmation', 'savings_confirmationrequest',
        'savings_notice'] LOOP
        CALL sight_wall(t, own || ' OR quarter IS NULL OR sees_year(partnership_id, financial_year(quarter))');
    END LOOP;
    -- what hangs on an entry
    CALL sight_wall('savings_entrystate', 'sees_entry(entry_id)');
    FOREACH t IN ARRAY ARRAY['savings_decision', 'savings_dispute', 'savings_disputeoutcome', 'savings_support'] LOOP
        CALL sight_wall(t, own || ' OR sees_entry(entry_id)');
    END LOOP;
    CALL sight_wall('savings_document', own || ' OR sees_document(partnership_id, id, act_id)');
    CALL sight_wall('savings_note', own || ' OR CASE WHEN entry_id IS NOT NULL THEN sees_entry(entry_id)
        WHEN quarter IS NOT NULL THEN sees_year(partnership_id, financial_year(quarter))
        ELSE sees_act(partnership_id, act_id) END');
    -- what was written while they were there: the promise is read whole by whoever joins
    FOREACH t IN ARRAY ARRAY['partnerships_baseline', 'partnerships_plannedline', 'partnerships_approval',
        'partnerships_casestep', 'partnerships_volume', 'savings_contact', 'savings_baselinesource'] LOOP
        CALL sight_wall(t, own || ' OR sees_act(partnership_id, act_id)');
    END LOOP;
    CALL sight_wall('partnerships_plannedcharge', 'sees_act(partnership_id, act_id)
        OR payer_id = ANY ((SELECT scope_ids(''councils''))::bigint[])
        OR receiver_id = ANY ((SELECT scope_ids(''councils''))::bigint[])');
    FOREACH t IN ARRAY ARRAY['partnerships_businesscase', 'savings_indicator', 'savings_indicatorwaiver', 'savings_scheme',
        'savings_schemestatus', 'savings_schemeversion'] LOOP
        CALL sight_wall(t, 'sees_act(partnership_id, act_id)');
    END LOOP;
END $$;
