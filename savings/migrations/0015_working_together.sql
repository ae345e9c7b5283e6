-- Deputies, notes, what was read and what was corrected. A deputy's right is a role row like any other; what is checked
-- here is that nobody lends what is not theirs, passes on what was lent, or uses it to approve what the absent did.

CREATE FUNCTION own_role(p_person bigint, p_council bigint, p_what text, p_on date) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- Whether the role is held in one's own right on that day, and not as a deputy.
    SELECT EXISTS (
        SELECT 1 FROM councils_role r
        WHERE r.person_id = p_person AND r.council_id = p_council AND r.what = p_what AND r.starts_on <= p_on
          AND (r.ends_on IS NULL OR r.ends_on > p_on)
          AND NOT EXISTS (SELECT 1 FROM councils_role later WHERE later.replaces_id = r.id)
          AND NOT EXISTS (SELECT 1 FROM savings_cover c WHERE (c.act_id, c.deputy_id, c.council_id, c.what)
                                                            = (r.act_id, r.person_id, r.council_id, r.what)))
$$;

CREATE FUNCTION stands_in_for(p_person bigint, p_council bigint, p_on date) RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- Whose finance lead's duties somebody has only because those people are away; nobody's for a lead in their own right.
    SELECT CASE WHEN own_role(p_person, p_council, 'finance_lead', p_on) THEN '{}'::bigint[] ELSE coalesce((
        SELECT array_agg(c.covered_id) FROM savings_cover c
        WHERE c.deputy_id = p_person AND c.council_id = p_council AND c.what = 'finance_lead' AND c.starts_on <= p_on
          AND c.ends_on > p_on AND NOT EXISTS (SELECT 1 FROM savings_cover later WHERE later.replaces_id = c.id)),
        '{}'::bigint[]) END
$$;

CREATE FUNCTION london_day(p_at timestamptz) RETURNS date LANGUAGE sql STABLE AS $$
    SELECT (p_at AT TIME ZONE 'Europe/London')::date
$$;

CREATE FUNCTION cover_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v bigint;
BEGIN
    SELECT n.id INTO v FROM written_rows n JOIN councils_act a ON a.id = n.act_id
    WHERE a.person_id <> n.named_by_id
       OR NOT (own_role(n.named_by_id, n.council_id, 'finance_lead', london_day(a.at))
            OR n.named_by_id = n.covered_id AND own_role(n.covered_id, n.council_id, n.what, london_day(a.at))) LIMIT 1;
    IF FOUND THEN
        PERFORM ledger_refuse('a deputy is named by the person who will be away or by a finance lead in their own right', v);
    END IF;
    SELECT n.id INTO v FROM written_rows n JOIN councils_act a ON a.id = n.act_id
    WHERE n.replaces_id IS NULL
      AND (n.starts_on < london_day(a.at) OR NOT own_role(n.covered_id, n.council_id, n.what, n.starts_on)
           OR own_role(n.deputy_id, n.council_id, n.what, n.starts_on)) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('only a role held in one''s own right is lent, and from today on', v); END IF;
    SELECT n.id INTO v FROM written_rows n JOIN councils_act a ON a.id = n.act_id
    WHERE n.replaces_id IS NULL AND (
        NOT EXISTS (SELECT 1 FROM councils_role r WHERE r.person_id = n.deputy_id AND r.council_id = n.council_id
                    AND r.starts_on <= london_day(a.at) AND (r.ends_on IS NULL OR r.ends_on > london_day(a.at))
                    AND NOT EXISTS (SELECT 1 FROM councils_role later WHERE later.replaces_id = r.id))
        OR own_role(n.deputy_id, n.council_id, 'auditor', n.starts_on)) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a deputy works for the same council and is not its auditor', v); END IF;
    SELECT n.id INTO v FROM written_rows n LEFT JOIN savings_cover b ON b.id = n.replaces_id
        AND (b.council_id, b.covered_id, b.deputy_id, b.what, b.starts_on)
          = (n.council_id, n.covered_id, n.deputy_id, n.what, n.starts_on) AND n.ends_on < b.ends_on
    WHERE n.replaces_id IS NOT NULL AND b.id IS NULL LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a cover is only ever ended earlier', v); END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER cover_check AFTER INSERT ON savings_cover REFERENCING NEW TABLE AS written_rows
    FOR EACH STATEMENT EXECUTE FUNCTION cover_check();
ALTER TABLE savings_cover ENABLE ALWAYS TRIGGER cover_check;

CREATE FUNCTION role_given_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- Roles come from the product, an administrator or a finance lead in their own right; anybody else's row is a cover's.
DECLARE v bigint;
BEGIN
    SELECT n.id INTO v FROM written_rows n
    JOIN councils_act a ON a.id = n.act_id JOIN councils_person p ON p.id = a.person_id
    WHERE NOT p.system
      AND NOT EXISTS (SELECT 1 FROM councils_role r WHERE r.person_id = p.id AND r.what = 'administrator'
                      AND r.starts_on <= london_day(a.at) AND (r.ends_on IS NULL OR r.ends_on > london_day(a.at))
                      AND NOT EXISTS (SELECT 1 FROM councils_role later WHERE later.replaces_id = r.id))
      AND NOT coalesce(own_role(p.id, n.council_id, 'finance_lead', london_day(a.at)), false)
      AND NOT EXISTS (SELECT 1 FROM savings_cover c
                      WHERE (c.act_id, c.deputy_id, c.council_id, c.what, c.starts_on, c.ends_on)
                          = (n.act_id, n.person_id, n.council_id, n.what, n.starts_on, n.ends_on)) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a deputy passes nothing on: roles are given by those who hold their own', v); END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER role_given_check AFTER INSERT ON councils_role REFERENCING NEW TABLE AS written_rows
    FOR EACH STATEMENT EXECUTE FUNCTION role_given_check();
ALTER TABLE councils_role ENABLE ALWAYS TRIGGER role_given_check;

-- An officer may lend their own role; `role_given_check` asks for the cover that goes with it.
CREATE POLICY cover_write ON councils_role FOR INSERT TO banked_app WITH CHECK (
    what = 'finance_officer' AND ends_on IS NOT NULL AND council_id = ANY ((SELECT scope_ids('writes'))::bigint[]));

CREATE FUNCTION decision_not_for_the_absent() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v bigint;
BEGIN
    SELECT n.id INTO v FROM written_rows n JOIN councils_act a ON a.id = n.act_id
    WHERE n.outcome = 'signed_off' AND n.recorded_by_id = ANY (stands_in_for(n.decided_by_id, n.council_id, london_day(a.at)))
    LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('you stand in for the person who recorded it, so you cannot sign it off', v); END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER not_for_the_absent AFTER INSERT ON savings_decision REFERENCING NEW TABLE AS written_rows
    FOR EACH STATEMENT EXECUTE FUNCTION decision_not_for_the_absent();
ALTER TABLE savings_decision ENABLE ALWAYS TRIGGER not_for_the_absent;

CREATE FUNCTION return_not_for_the_absent() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v bigint;
BEGIN
    SELECT n.id INTO v FROM written_rows n JOIN councils_act a ON a.id = n.act_id
    WHERE n.step IN ('signed_off', 'reopened')
      AND n.previous_by_id = ANY (stands_in_for(n.stepped_by_id, n.council_id, london_day(a.at))) LIMIT 1;
    IF FOUND THEN
        PERFORM ledger_refuse('you stand in for the person who took the step before, so somebody else takes this one', v);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER not_for_the_absent AFTER INSERT ON savings_return REFERENCING NEW TABLE AS written_rows
    FOR EACH STATEMENT EXECUTE FUNCTION return_not_for_the_absent();
ALTER TABLE savings_return ENABLE ALWAYS TRIGGER not_for_the_absent;

CREATE FUNCTION approval_not_for_the_absent() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v bigint;
BEGIN
    SELECT n.id INTO v FROM written_rows n JOIN councils_act a ON a.id = n.act_id
    WHERE n.drafted_by_id = ANY (stands_in_for(n.approved_by_id, n.council_id, london_day(a.at))) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('you stand in for the person who drafted it, so you cannot approve it', v); END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER not_for_the_absent AFTER INSERT ON partnerships_approval REFERENCING NEW TABLE AS written_rows
    FOR EACH STATEMENT EXECUTE FUNCTION approval_not_for_the_absent();
ALTER TABLE partnerships_approval ENABLE ALWAYS TRIGGER not_for_the_absent;

CREATE FUNCTION note_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v bigint;
BEGIN
    SELECT n.id INTO v FROM written_rows n JOIN councils_act a ON a.id = n.act_id
    WHERE a.person_id <> n.written_by_id LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a note is written by the person who acts', v); END IF;
    SELECT n.id INTO v FROM written_rows n
    LEFT JOIN savings_entry e ON e.id = n.entry_id LEFT JOIN savings_scheme s ON s.id = n.scheme_id
    LEFT JOIN savings_charge h ON h.id = n.charge_id LEFT JOIN partnerships_businesscase b ON b.id = n.case_id
    WHERE coalesce(e.partnership_id, s.partnership_id, h.partnership_id, b.partnership_id, n.partnership_id)
          <> n.partnership_id
       OR n.quarter IS NOT NULL AND (extract(day FROM n.quarter) <> 1 OR extract(month FROM n.quarter) NOT IN (1, 4, 7, 10)
            OR NOT EXISTS (SELECT 1 FROM partnerships_membership m WHERE m.partnership_id = n.partnership_id
                           AND m.council_id = n.quarter_of_id))
       OR NOT EXISTS (SELECT 1 FROM partnerships_membership m WHERE m.partnership_id = n.partnership_id
                      AND m.council_id = n.council_id) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a note and what it is about belong to one partnership of the council', v); END IF;
    SELECT n.id INTO v FROM written_rows n LEFT JOIN savings_note b ON b.id = n.replaces_id
        AND (b.partnership_id, b.council_id, b.about) = (n.partnership_id, n.council_id, n.about)
        AND (b.entry_id, b.scheme_id, b.charge_id, b.case_id, b.quarter, b.quarter_of_id) IS NOT DISTINCT FROM
            (n.entry_id, n.scheme_id, n.charge_id, n.case_id, n.quarter, n.quarter_of_id)
    WHERE n.replaces_id IS NOT NULL AND b.id IS NULL LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a note replaces one of the same council about the same thing', v); END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER note_check AFTER INSERT ON savings_note REFERENCING NEW TABLE AS written_rows
    FOR EACH STATEMENT EXECUTE FUNCTION note_check();
ALTER TABLE savings_note ENABLE ALWAYS TRIGGER note_check;

CREATE FUNCTION heads_of(p_partnership bigint) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- How far the streams of a partnership's members have come, for a member's own people.
BEGIN
    IF NOT p_partnership = ANY (scope_ids('partnerships')) THEN RETURN '{}'; END IF;
    RETURN (SELECT coalesce(jsonb_object_agg(s.id, (
                SELECT coalesce(max(e.sequence), 0) FROM councils_event e WHERE e.stream_id = s.id)), '{}')
            FROM councils_stream s WHERE s.council_id IN (
                SELECT council_id FROM partnerships_membership WHERE partnership_id = p_partnership));
END $$;

CREATE FUNCTION acts_after(p_partnership bigint, p_heads jsonb, p_most int) RETURNS TABLE (act_id bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- The newest acts on those streams after `p_heads`: ids only, so that what they wrote is read under the reader's scope.
BEGIN
    IF NOT p_partnership = ANY (scope_ids('partnerships')) THEN RETURN; END IF;
    RETURN QUERY SELECT found.act_id FROM (
        SELECT newest.act_id FROM councils_stream s CROSS JOIN LATERAL (
            SELECT e.act_id FROM councils_event e
            WHERE e.stream_id = s.id AND e.sequence > coalesce((p_heads ->> s.id::text)::bigint, 0)
            ORDER BY e.sequence DESC LIMIT p_most) newest
        WHERE s.council_id IN (SELECT council_id FROM partnerships_membership WHERE partnership_id = p_partnership)
    ) found GROUP BY found.act_id ORDER BY found.act_id DESC LIMIT p_most;
END $$;
REVOKE ALL ON FUNCTION heads_of, acts_after FROM PUBLIC;
GRANT EXECUTE ON FUNCTION heads_of, acts_after TO banked_app, banked_worker, banked_readonly;

DO $$
DECLARE
    in_scope text := 'partnership_id = ANY ((SELECT scope_ids(''partnerships''))::bigint[])';
    writes text := 'council_id = ANY ((SELECT scope_ids(''writes''))::bigint[])';
    mine text := 'person_id = (SELECT scope_person())';
    my_notice text := 'EXISTS (SELECT 1 FROM savings_notice n WHERE n.id = notice_id AND n.person_id = (SELECT scope_person()))';
BEGIN
    CALL wall('savings_cover', 'council_id = ANY ((SELECT scope_ids(''fellows''))::bigint[])', writes);
    CALL wall('savings_note', in_scope, in_scope || ' AND ' || writes);
    CALL wall('savings_seen', mine, mine);
    CALL wall('savings_notice', mine, NULL);
    CALL wall('savings_noticeread', my_notice, my_notice);
    GRANT INSERT ON savings_cover, savings_note, savings_seen, savings_notice, savings_noticeread TO banked_worker;
    GRANT UPDATE ON savings_notice TO banked_worker;
END $$;
