-- Leaving a partnership: its members read the terms, the notices and what leaving is expected to cost; a council's own
-- finance lead gives and withdraws its notice, and the membership ends in the same act.

DO $$
DECLARE
    in_scope text := 'partnership_id = ANY ((SELECT scope_ids(''partnerships''))::bigint[])';
    own text := 'council_id = ANY ((SELECT scope_ids(''councils''))::bigint[])';
    leads text := 'council_id = ANY ((SELECT scope_ids(''leads''))::bigint[])';
    t text;
BEGIN
    CALL wall('partnerships_leavingterms', in_scope, in_scope || ' AND ' || leads);
    CALL wall('partnerships_leavingnotice', in_scope, in_scope || ' AND ' || leads);
    CALL wall('partnerships_leavingcost', in_scope, in_scope || ' AND has_member(''leads'', partnership_id)');
    FOREACH t IN ARRAY ARRAY['partnerships_leavingterms', 'partnerships_leavingnotice', 'partnerships_leavingcost'] LOOP
        CALL sight_wall(t, own || ' OR sees_act(partnership_id, act_id)');
        CALL as_at_wall(t, 'act_id');
        EXECUTE format('GRANT INSERT ON %I TO banked_worker', t);
    END LOOP;
END $$;

ALTER TABLE partnerships_leavingterms ADD CONSTRAINT partnerships_leavingterms_plain CHECK (plain_text(exit_terms, true));
ALTER TABLE partnerships_leavingnotice ADD CONSTRAINT partnerships_leavingnotice_reason_plain CHECK (plain_text(reason, true));
ALTER TABLE partnerships_leavingnotice ADD CONSTRAINT partnerships_leavingnotice_minute_plain CHECK (plain_text(minute_reference, true));
-- A cost is written with its notice, in one act; a withdrawal is of the same council's notice for the same day.
ALTER TABLE partnerships_leavingnotice ADD CONSTRAINT partnerships_leavingnotice_key UNIQUE (id, partnership_id, act_id);
ALTER TABLE partnerships_leavingcost ADD CONSTRAINT partnerships_leavingcost_with_notice
    FOREIGN KEY (notice_id, partnership_id, act_id) REFERENCES partnerships_leavingnotice (id, partnership_id, act_id);
ALTER TABLE partnerships_leavingnotice ADD CONSTRAINT partnerships_leavingnotice_same UNIQUE (id, partnership_id, council_id, leaves_on);
ALTER TABLE partnerships_leavingnotice ADD CONSTRAINT partnerships_leavingnotice_withdraws_same
    FOREIGN KEY (withdraws_id, partnership_id, council_id, leaves_on)
    REFERENCES partnerships_leavingnotice (id, partnership_id, council_id, leaves_on);

CREATE FUNCTION leads_member(p_person bigint, p_council bigint, p_partnership bigint, p_on date) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- Whether somebody is, that day, the finance lead of a council that is or was in the partnership.
    SELECT EXISTS (SELECT 1 FROM roles_held(p_person, p_on) h WHERE h.council_id = p_council AND h.what = 'finance_lead')
       AND EXISTS (SELECT 1 FROM partnerships_membership m
                   WHERE m.partnership_id = p_partnership AND m.council_id = p_council)
$$;
REVOKE ALL ON FUNCTION leads_member FROM PUBLIC;

CREATE FUNCTION terms_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(x'6c656176'::int, (p % 2147483648)::int)
    FROM (SELECT DISTINCT partnership_id AS p FROM written_rows ORDER BY 1) held;
    SELECT n.id INTO v FROM written_rows n JOIN councils_act a ON a.id = n.act_id
    WHERE a.person_id <> n.set_by_id OR NOT leads_member(n.set_by_id, n.council_id, n.partnership_id, london_day(a.at)) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('terms are written down by the finance lead of a member', v); END IF;
    SELECT n.id INTO v FROM written_rows n JOIN partnerships_leavingterms t ON t.partnership_id = n.partnership_id AND t.id <> n.id
    LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('the terms of leaving stand until every member agrees to others', v); END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER terms_check AFTER INSERT ON partnerships_leavingterms REFERENCING NEW TABLE AS written_rows
    FOR EACH STATEMENT EXECUTE FUNCTION terms_check();
ALTER TABLE partnerships_leavingterms ENABLE ALWAYS TRIGGER terms_check;

CREATE FUNCTION notice_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(x'6c656176'::int, (p % 2147483648)::int)
    FROM (SELECT DISTINCT partnership_id AS p FROM written_rows ORDER BY 1) held;
    SELECT n.id INTO v FROM written_rows n JOIN councils_act a ON a.id = n.act_id
    WHERE a.person_id <> n.given_by_id OR a.at <> n.given_at
       OR NOT leads_member(n.given_by_id, n.council_id, n.partnership_id, london_day(a.at)) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('notice is given by the leaving council''s own finance lead', v); END IF;
    SELECT n.id INTO v FROM written_rows n
    WHERE n.withdraws_id IS NULL AND NOT EXISTS (
        SELECT 1 FROM partnerships_leavingterms t WHERE t.partnership_id = n.partnership_id
          AND n.leaves_on >= (london_day(n.given_at) + make_interval(months => t.notice_months))::date) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('notice runs as long as the terms that stand say', v); END IF;
    SELECT n.id INTO v FROM written_rows n JOIN partnerships_leavingnotice o
        ON (o.partnership_id, o.council_id) = (n.partnership_id, n.council_id) AND o.id <> n.id
    WHERE n.withdraws_id IS NULL AND o.withdraws_id IS NULL AND o.leaves_on > london_day(n.given_at)
      AND NOT EXISTS (SELECT 1 FROM partnerships_leavingnotice w WHERE w.withdraws_id = o.id) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a member gives one notice at a time', v); END IF;
    SELECT n.id INTO v FROM written_rows n LEFT JOIN partnerships_leavingnotice o ON o.id = n.withdraws_id
    WHERE n.withdraws_id IS NOT NULL AND (o.withdraws_id IS NOT NULL OR n.leaves_on <= london_day(n.given_at)) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a notice is withdrawn before the council has left', v); END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER notice_check AFTER INSERT ON partnerships_leavingnotice REFERENCING NEW TABLE AS written_rows
    FOR EACH STATEMENT EXECUTE FUNCTION notice_check();
ALTER TABLE partnerships_leavingnotice ENABLE ALWAYS TRIGGER notice_check;

CREATE FUNCTION notice_ends_membership() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
-- A notice without an end of the membership, or the other way round, would say two things.
BEGIN
    IF NOT EXISTS (SELECT 1 FROM partnerships_membership m
                   WHERE (m.act_id, m.partnership_id, m.council_id) = (NEW.act_id, NEW.partnership_id, NEW.council_id)
                     AND m.ends_on IS NOT DISTINCT FROM CASE WHEN NEW.withdraws_id IS NULL THEN NEW.leaves_on END) THEN
        PERFORM ledger_refuse('a notice ends the membership in the same act, and its withdrawal lets it go on', NEW.id);
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER notice_ends_membership AFTER INSERT ON partnerships_leavingnotice DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION notice_ends_membership();
ALTER TABLE partnerships_leavingnotice ENABLE ALWAYS TRIGGER notice_ends_membership;

CREATE FUNCTION notice_cost_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v bigint;
BEGIN
    SELECT n.id INTO v FROM written_rows n
    WHERE NOT EXISTS (SELECT 1 FROM savings_scheme s
                      WHERE (s.partnership_id, s.reference) = (n.partnership_id, n.scheme_reference))
       OR NOT EXISTS (
            SELECT 1 FROM partnerships_membership m WHERE (m.partnership_id, m.council_id) = (n.partnership_id, n.council_id)
              AND m.starts_on < make_date(n.year + 1, 4, 1) AND (m.ends_on IS NULL OR m.ends_on > make_date(n.year, 4, 1))
              AND NOT EXISTS (SELECT 1 FROM partnerships_membership later WHERE later.replaces_id = m.id)) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a cost of leaving is borne by a member of that year, under a scheme', v); END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER notice_cost_check AFTER INSERT ON partnerships_leavingcost REFERENCING NEW TABLE AS written_rows
    FOR EACH STATEMENT EXECUTE FUNCTION notice_cost_check();
ALTER TABLE partnerships_leavingcost ENABLE ALWAYS TRIGGER notice_cost_check;

CREATE OR REPLACE FUNCTION leaves_alone(p_act bigint, p_partnership bigint, p_council bigint, p_ends_on date) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- Whether a member may end its membership so, in this act, without asking the others: its notice says that day, or its
-- notice is withdrawn and the membership goes on.
    SELECT EXISTS (
        SELECT 1 FROM partnerships_leavingnotice n
        WHERE (n.act_id, n.partnership_id, n.council_id) = (p_act, p_partnership, p_council)
          AND p_ends_on IS NOT DISTINCT FROM CASE WHEN n.withdraws_id IS NULL THEN n.leaves_on END)
$$;
