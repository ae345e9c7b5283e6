-- Who relied on a figure that changed is told, and a deputy decides nothing that the absent has a part in.

CREATE INDEX councils_act_report_read ON councils_act (subject) WHERE verb = 'read' AND subject LIKE 'report:%';

CALL wall('savings_recounted', 'false', NULL);
CALL wall('savings_published', 'false', NULL);
GRANT INSERT, DELETE ON savings_recounted TO banked_worker;
GRANT INSERT, UPDATE ON savings_published TO banked_worker;

CREATE FUNCTION covers_for(p_person bigint, p_council bigint, p_on date) RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- For whom somebody stands in at a council on that day in a role that they do not hold in their own right: asked of the
-- roles that came with a cover, because a cover can be ended in an act that leaves the role standing.
    SELECT coalesce(array_agg(DISTINCT c.covered_id), '{}') FROM councils_role r
    JOIN savings_cover c ON (c.act_id, c.deputy_id, c.council_id, c.what) = (r.act_id, r.person_id, r.council_id, r.what)
    WHERE r.person_id = p_person AND r.council_id = p_council AND r.starts_on <= p_on
      AND (r.ends_on IS NULL OR r.ends_on > p_on)
      AND NOT EXISTS (SELECT 1 FROM councils_role later WHERE later.replaces_id = r.id)
      AND NOT own_role(p_person, p_council, c.what, p_on)
$$;
REVOKE ALL ON FUNCTION covers_for FROM PUBLIC;  -- it tells of anybody, and only triggers ask it

CREATE FUNCTION distinction_not_for_the_absent() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v bigint;
BEGIN
    SELECT n.id INTO v FROM written_rows n JOIN councils_act a ON a.id = n.act_id
    JOIN savings_entry e ON e.year = n.year AND e.series = 'banked' AND e.kind = 'saving'
        AND ((e.scheme_id, e.council_id) = (n.scheme_id, n.council_id)
          OR (e.scheme_id, e.council_id) = (n.other_scheme_id, n.other_council_id))
    WHERE e.recorded_by_id = ANY (covers_for(n.decided_by_id, n.council_id, london_day(a.at))
                                || covers_for(n.decided_by_id, n.other_council_id, london_day(a.at))) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('you stand in for the person who recorded one of the claims', v); END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION across_not_for_the_absent() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v bigint;
BEGIN
    SELECT n.id INTO v FROM written_rows n JOIN councils_act a ON a.id = n.act_id
    JOIN savings_entry e ON e.year = n.year AND e.council_id = n.council_id AND e.series = 'banked'
        AND e.kind = 'saving' AND e.scheme_id IN (n.scheme_id, n.other_scheme_id)
    WHERE e.recorded_by_id = ANY (covers_for(n.decided_by_id, n.council_id, london_day(a.at))) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('you stand in for the person who recorded one of the claims', v); END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION outcome_not_for_the_absent() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- Withdrawing gives in, and is no approval; so is upholding what another member disputes.
DECLARE v bigint;
BEGIN
    SELECT n.id INTO v FROM written_rows n JOIN councils_act a ON a.id = n.act_id
    JOIN savings_dispute d ON d.id = n.dispute_id JOIN savings_entry e ON e.id = n.entry_id
    LEFT JOIN savings_reading r ON r.id = d.reading_id
    WHERE (n.outcome = 'dismissed' OR n.outcome = 'upheld' AND d.reading_id IS NOT NULL)
      AND ARRAY[e.recorded_by_id, r.read_by_id]
          && covers_for(n.decided_by_id, n.council_id, london_day(a.at)) LIMIT 1;
    IF FOUND THEN
        PERFORM ledger_refuse('you stand in for the person who recorded the amount or the reading', v);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION confirmation_not_for_the_absent() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v bigint;
BEGIN
    SELECT n.id INTO v FROM written_rows n JOIN councils_act a ON a.id = n.act_id
    JOIN savings_confirmationline l ON l.request_id = n.request_id
    CROSS JOIN LATERAL unnest(l.entries) AS one (id)
    JOIN savings_entry e ON e.id = one.id
    LEFT JOIN savings_support u ON u.entry_id = e.id LEFT JOIN savings_document d ON d.id = u.document_id
    WHERE n.link_id IS NULL
      AND ARRAY[e.recorded_by_id, d.uploaded_by_id]
          && covers_for(n.answered_by_id, n.council_id, london_day(a.at)) LIMIT 1;
    IF FOUND THEN
        PERFORM ledger_refuse('you stand in for a person who recorded or proved some of it, so somebody else answers', v);
    END IF;
    RETURN NULL;
END $$;

DO $$
DECLARE t text[];
BEGIN
    FOREACH t SLICE 1 IN ARRAY ARRAY[
        ['savings_distinction', 'distinction_not_for_the_absent'],
        ['savings_distinctionacross', 'across_not_for_the_absent'],
        ['savings_disputeoutcome', 'outcome_not_for_the_absent'],
        ['savings_confirmation', 'confirmation_not_for_the_absent']]
    LOOP
        EXECUTE format('CREATE TRIGGER not_by_a_deputy AFTER INSERT ON %I REFERENCING NEW TABLE AS written_rows
            FOR EACH STATEMENT EXECUTE FUNCTION %I()', t[1], t[2]);
        EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER not_by_a_deputy', t[1]);
    END LOOP;
END $$;
