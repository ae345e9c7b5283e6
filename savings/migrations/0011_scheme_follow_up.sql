-- How a scheme is followed up, and whether quality held (DESIGN rule 8, R15). What the product itself finds, it writes
-- in the act of whoever caused it, under its own name; nobody else can use that name, and it can say nothing untrue.

ALTER TABLE savings_schemeversion ADD CONSTRAINT savings_schemeversion_partnership
    FOREIGN KEY (scheme_id, partnership_id) REFERENCES savings_scheme (id, partnership_id);
ALTER TABLE savings_schemeversion ADD CONSTRAINT savings_schemeversion_indicator
    FOREIGN KEY (indicator_id, partnership_id) REFERENCES savings_indicator (id, partnership_id);
ALTER TABLE savings_indicatorwaiver ADD CONSTRAINT savings_indicatorwaiver_partnership
    FOREIGN KEY (scheme_id, partnership_id) REFERENCES savings_scheme (id, partnership_id);

CREATE FUNCTION scheme_indicator(p_scheme bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
-- The indicator the scheme names now: that of its latest version, or the one it was proposed with.
    SELECT CASE WHEN v.id IS NULL THEN s.indicator_id ELSE v.indicator_id END
    FROM savings_scheme s
    LEFT JOIN LATERAL (SELECT id, indicator_id FROM savings_schemeversion WHERE scheme_id = s.id
                       ORDER BY version DESC LIMIT 1) v ON true
    WHERE s.id = p_scheme
$$;

CREATE FUNCTION quality_failed(p_indicator bigint, p_council bigint, p_quarter date) RETURNS boolean
LANGUAGE sql STABLE AS $$
-- Whether the reading in force of that member and quarter is worse than tolerated; exactly at the limit is not.
    SELECT coalesce((
        SELECT CASE WHEN i.higher_is_better THEN r.value < i.baseline - i.tolerance
                    ELSE r.value > i.baseline + i.tolerance END
        FROM savings_reading r JOIN savings_indicator i ON i.id = r.indicator_id
        WHERE r.indicator_id = p_indicator AND r.council_id = p_council AND r.quarter = p_quarter
          AND NOT EXISTS (SELECT 1 FROM savings_reading later WHERE later.replaces_id = r.id)), false)
$$;

CREATE FUNCTION quality_dispute(p_act bigint, p_at timestamptz, p_entries bigint[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- Disputes, in the product's own name, every cash-releasing claim among the entries whose scheme's indicator read worse
-- than tolerated for its council in a quarter of its year. What was decided about that reading stays decided: nothing is
-- disputed twice, and once a lead accepted the reading for a scheme its other claims are not disputed for it either.
BEGIN
    INSERT INTO savings_dispute (public_id, salt, act_id, entry_id, partnership_id, council_id, reason, raised_by_id,
                                 raised_at, reading_id)
    SELECT gen_random_uuid(), gen_random_uuid(), p_act, e.id, e.partnership_id, e.council_id,
           format('%s read %s (%s) for the quarter from %s. Before sharing it was %s, and %s is tolerated.', i.name,
                  trim_scale(r.value), i.unit, to_char(r.quarter, 'FMDD FMMonth YYYY'), trim_scale(i.baseline),
                  trim_scale(CASE WHEN i.higher_is_better THEN i.baseline - i.tolerance
                                  ELSE i.baseline + i.tolerance END)),
           (SELECT id FROM councils_person WHERE system ORDER BY id LIMIT 1), p_at, r.id
    FROM savings_entry e
    JOIN savings_indicator i ON i.id = scheme_indicator(e.scheme_id)
    JOIN savings_reading r ON r.indicator_id = i.id AND r.council_id = e.council_id
        AND r.quarter >= make_date(e.year, 4, 1) AND r.quarter < make_date(e.year + 1, 4, 1)
    WHERE e.id = ANY (p_entries)
      AND e.series = 'banked' AND e.kind = 'saving' AND e.benefit_class = 'cash_releasing' AND e.reverses_id IS NULL
      AND NOT EXISTS (SELECT 1 FROM savings_entry back WHERE back.reverses_id = e.id)
      AND NOT EXISTS (SELECT 1 FROM savings_reading later WHERE later.replaces_id = r.id)
      AND quality_failed(r.indicator_id, r.council_id, r.quarter)
      AND NOT EXISTS (
          SELECT 1 FROM savings_dispute d JOIN savings_reading x ON x.id = d.reading_id
          LEFT JOIN savings_disputeoutcome o ON o.dispute_id = d.id
          WHERE d.entry_id = e.id AND (x.indicator_id, x.council_id, x.quarter) = (r.indicator_id, r.council_id, r.quarter)
            AND (o.id IS NULL OR o.outcome = 'upheld' OR x.id = r.id))
      AND NOT EXISTS (
          SELECT 1 FROM savings_dispute d JOIN savings_disputeoutcome o ON o.dispute_id = d.id
          JOIN savings_entry other ON other.id = d.entry_id
          WHERE d.reading_id = r.id AND other.scheme_id = e.scheme_id AND o.outcome = 'dismissed')
    ORDER BY e.id, r.quarter;
END $$;

CREATE FUNCTION entry_quality() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
-- A claim recorded after the reading is disputed like those before. Asked for each scheme, member and year of the
-- statement first, so that entries without a bad reading cost next to nothing.
DECLARE v record;
BEGIN
    FOR v IN
        SELECT n.act_id, array_agg(n.id) AS ids FROM written_rows n
        JOIN (SELECT DISTINCT scheme_id, council_id, year FROM written_rows
              WHERE series = 'banked' AND benefit_class = 'cash_releasing' AND reverses_id IS NULL) d
            ON (d.scheme_id, d.council_id, d.year) = (n.scheme_id, n.council_id, n.year)
            AND EXISTS (SELECT 1 FROM savings_reading r
                        WHERE r.indicator_id = scheme_indicator(d.scheme_id) AND r.council_id = d.council_id
                          AND r.quarter >= make_date(d.year, 4, 1) AND r.quarter < make_date(d.year + 1, 4, 1))
        GROUP BY n.act_id
    LOOP
        PERFORM quality_dispute(v.act_id, (SELECT at FROM councils_act WHERE id = v.act_id), v.ids);
    END LOOP;
    RETURN NULL;
END $$;

CREATE FUNCTION reading_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- One reading a member and quarter, put right only by another that replaces the one in force. A bad one disputes the
-- claims of its year; one that puts a bad one right ends the disputes that only stood on it.
DECLARE v bigint; w record;
BEGIN
    SELECT n.id INTO v FROM written_rows n LEFT JOIN savings_reading r ON r.id = n.replaces_id
    WHERE n.replaces_id IS NOT NULL
      AND (r.indicator_id, r.council_id, r.quarter) IS DISTINCT FROM (n.indicator_id, n.council_id, n.quarter) LIMIT 1;
    IF FOUND THEN
        PERFORM ledger_refuse('a reading is replaced by one of the same indicator, member and quarter', v);
    END IF;
    SELECT n.id INTO v FROM written_rows n
    WHERE NOT EXISTS (
        SELECT 1 FROM partnerships_membership m
        WHERE m.partnership_id = n.partnership_id AND m.council_id = n.council_id
          AND m.starts_on < n.quarter + interval '3 months' AND (m.ends_on IS NULL OR m.ends_on > n.quarter)
          AND NOT EXISTS (SELECT 1 FROM partnerships_membership later WHERE later.replaces_id = m.id)) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('the council was not a member of the partnership in that quarter', v); END IF;

    FOR w IN SELECT DISTINCT act_id, indicator_id, council_id, quarter, read_at, replaces_id FROM written_rows LOOP
        IF w.replaces_id IS NOT NULL AND NOT quality_failed(w.indicator_id, w.council_id, w.quarter) THEN
            INSERT INTO savings_disputeoutcome (public_id, salt, act_id, dispute_id, entry_id, partnership_id,
                                                council_id, outcome, reason, decided_by_id, decided_at)
            SELECT gen_random_uuid(), gen_random_uuid(), w.act_id, d.id, d.entry_id, d.partnership_id, d.council_id,
                   'withdrawn', 'The reading was put right and is within what is tolerated.', d.raised_by_id, w.read_at
            FROM savings_dispute d JOIN savings_reading x ON x.id = d.reading_id
            WHERE (x.indicator_id, x.council_id, x.quarter) = (w.indicator_id, w.council_id, w.quarter)
              AND NOT EXISTS (SELECT 1 FROM savings_disputeoutcome o WHERE o.dispute_id = d.id)
            ORDER BY d.id;
        END IF;
        PERFORM quality_dispute(w.act_id, w.read_at, coalesce((
            SELECT array_agg(e.id) FROM savings_entry e
            WHERE e.partnership_id = (SELECT partnership_id FROM savings_indicator WHERE id = w.indicator_id)
              AND e.council_id = w.council_id
              AND e.year = extract(year FROM w.quarter) - (extract(month FROM w.quarter) < 4)::int
              AND scheme_indicator(e.scheme_id) = w.indicator_id), '{}'));
        -- what was upheld stands on the reading in force (entry_standing, which the sixteenth migration makes)
        PERFORM entry_state_refresh(array_agg(DISTINCT d.entry_id ORDER BY d.entry_id))
        FROM savings_dispute d JOIN savings_reading x ON x.id = d.reading_id
        JOIN savings_disputeoutcome o ON o.dispute_id = d.id AND o.outcome = 'upheld'
        WHERE w.replaces_id IS NOT NULL
          AND (x.indicator_id, x.council_id, x.quarter) = (w.indicator_id, w.council_id, w.quarter);
    END LOOP;
    INSERT INTO savings_mark (partnership_id, year, act, made_at)
    SELECT DISTINCT partnership_id,
        (extract(year FROM quarter) - (extract(month FROM quarter) < 4)::int)::smallint, act_id, clock_timestamp()
    FROM written_rows;
    RETURN NULL;
END $$;

CREATE FUNCTION quality_dispute_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE v bigint;
BEGIN
    SELECT n.id INTO v FROM written_rows n JOIN councils_person p ON p.id = n.raised_by_id
        JOIN councils_act a ON a.id = n.act_id
    WHERE CASE WHEN n.reading_id IS NULL THEN p.system AND a.person_id <> p.id ELSE NOT p.system END LIMIT 1;
    IF FOUND THEN
        PERFORM ledger_refuse('only the product itself disputes for quality, and nothing else in somebody''s act', v);
    END IF;
    SELECT n.id INTO v FROM written_rows n JOIN savings_entry e ON e.id = n.entry_id
        JOIN savings_reading r ON r.id = n.reading_id
    WHERE n.council_id <> e.council_id OR r.council_id <> e.council_id OR e.series <> 'banked'
       OR e.benefit_class IS DISTINCT FROM 'cash_releasing' OR r.indicator_id <> coalesce(scheme_indicator(e.scheme_id), 0)
       OR e.year <> extract(year FROM r.quarter) - (extract(month FROM r.quarter) < 4)::int
       OR NOT quality_failed(r.indicator_id, r.council_id, r.quarter)
       OR EXISTS (SELECT 1 FROM savings_reading later WHERE later.replaces_id = r.id) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('quality is disputed where the reading in force is worse than tolerated', v); END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION quality_outcome_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
-- A lead of the council that claims decides, neither who recorded the claim nor who read the indicator; only a reading
-- put right withdraws.
DECLARE v bigint;
BEGIN
    SELECT n.id INTO v FROM written_rows n JOIN savings_dispute d ON d.id = n.dispute_id
        JOIN savings_entry e ON e.id = n.entry_id JOIN councils_person p ON p.id = n.decided_by_id
        JOIN councils_act a ON a.id = n.act_id LEFT JOIN savings_reading r ON r.id = d.reading_id
    WHERE (r.id IS NULL AND p.system AND a.person_id <> p.id)
       OR (r.id IS NOT NULL AND CASE WHEN p.system
           THEN n.outcome <> 'withdrawn' OR quality_failed(r.indicator_id, r.council_id, r.quarter)
           ELSE n.outcome NOT IN ('upheld', 'dismissed') OR n.council_id <> e.council_id OR btrim(n.reason) = ''
             OR e.recorded_by_id = n.decided_by_id
             OR EXISTS (SELECT 1 FROM savings_reading x
                        WHERE (x.indicator_id, x.council_id, x.quarter) = (r.indicator_id, r.council_id, r.quarter)
                          AND x.read_by_id = n.decided_by_id) END) LIMIT 1;
    IF FOUND THEN
        PERFORM ledger_refuse('quality is decided by a lead of the council who neither recorded the claim nor read the '
            'indicator, with a reason', v);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION decision_quality() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE v bigint;
BEGIN
    SELECT n.id INTO v FROM written_rows n JOIN savings_entry e ON e.id = n.entry_id
    WHERE n.outcome IN ('signed_off', 'audited') AND e.kind = 'saving' AND e.benefit_class = 'cash_releasing'
      AND scheme_indicator(e.scheme_id) IS NULL
      AND NOT EXISTS (SELECT 1 FROM savings_indicatorwaiver w WHERE w.scheme_id = e.scheme_id) LIMIT 1;
    IF FOUND THEN
        PERFORM ledger_refuse('a cash-releasing saving is signed off when its scheme names a quality indicator, or a '
            'finance lead has stated why none applies', v);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION scheme_status_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
-- The order of the steps; the same status again is a new score or a new reason.
DECLARE v bigint;
BEGIN
    SELECT n.id INTO v FROM written_rows n
    LEFT JOIN savings_schemestatus b ON (b.scheme_id, b.sequence) = (n.scheme_id, n.sequence - 1)
    WHERE n.sequence < 1 OR (n.sequence > 1 AND b.id IS NULL)
       OR NOT CASE WHEN n.sequence = 1 THEN n.status IN ('proposed', 'approved')
                   WHEN n.status = b.status THEN true
                   ELSE (b.status, n.status) IN (
                       ('proposed', 'approved'), ('proposed', 'withdrawn'),
                       ('approved', 'delivering'), ('approved', 'withdrawn'), ('approved', 'undeliverable'),
                       ('delivering', 'delivered'), ('delivering', 'withdrawn'), ('delivering', 'undeliverable'),
                       ('delivered', 'delivering'), ('withdrawn', 'proposed'), ('undeliverable', 'proposed')) END
    LIMIT 1;
    IF FOUND THEN
        PERFORM ledger_refuse('a scheme is proposed, approved, delivering, delivered, in that order; it may be withdrawn '
            'or found undeliverable on the way', v);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION scheme_version_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE v bigint; w record;
BEGIN
    SELECT n.id INTO v FROM written_rows n
    WHERE n.version > 2 AND NOT EXISTS (
        SELECT 1 FROM savings_schemeversion b WHERE (b.scheme_id, b.version) = (n.scheme_id, n.version - 1)) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a version of a scheme follows the one before', v); END IF;
    FOR w IN SELECT n.act_id, n.changed_at, array_agg(e.id) AS ids FROM written_rows n
             JOIN savings_entry e ON e.scheme_id = n.scheme_id AND e.series = 'banked'
             WHERE n.indicator_id IS NOT NULL GROUP BY 1, 2 LOOP
        PERFORM quality_dispute(w.act_id, w.changed_at, w.ids);
    END LOOP;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION written_by_actor() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
-- The person a row names (the trigger's argument says in which column) is the person who acts. The product itself may
-- dispute and withdraw in somebody's act; quality_dispute_check and quality_outcome_check hold that it says the truth.
DECLARE v bigint;
BEGIN
    EXECUTE format('SELECT n.id FROM written_rows n JOIN councils_act a ON a.id = n.act_id
                    WHERE n.%1$I <> a.person_id AND NOT (%2$L::boolean AND EXISTS (
                        SELECT 1 FROM councils_person p WHERE p.id = n.%1$I AND p.system)) LIMIT 1',
                   TG_ARGV[0], TG_TABLE_NAME IN ('savings_dispute', 'savings_disputeoutcome')) INTO v;
    IF v IS NOT NULL THEN
        PERFORM ledger_refuse(format('%s names somebody else than the person who acts', TG_TABLE_NAME), v);
    END IF;
    RETURN NULL;
END $$;

DO $$
DECLARE t text[];
BEGIN
    FOREACH t SLICE 1 IN ARRAY ARRAY[
        ['savings_schemestatus', 'changed_by_id'], ['savings_schemeversion', 'changed_by_id'],
        ['savings_indicatorwaiver', 'stated_by_id'], ['savings_indicator', 'agreed_by_id'],
        ['savings_reading', 'read_by_id']]
    LOOP
        EXECUTE format('CREATE TRIGGER written_by_actor AFTER INSERT ON %I REFERENCING NEW TABLE AS written_rows
            FOR EACH STATEMENT EXECUTE FUNCTION written_by_actor(%L)', t[1], t[2]);
        EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER written_by_actor', t[1]);
    END LOOP;
    FOREACH t SLICE 1 IN ARRAY ARRAY[
        ['savings_schemestatus', 'scheme_status_check'], ['savings_schemeversion', 'scheme_version_check'],
        ['savings_reading', 'reading_check'], ['savings_dispute', 'quality_dispute_check'],
        ['savings_disputeoutcome', 'quality_outcome_check'], ['savings_decision', 'decision_quality'],
        ['savings_entry', 'entry_quality']]
    LOOP
        EXECUTE format('CREATE TRIGGER %I AFTER INSERT ON %I REFERENCING NEW TABLE AS written_rows
            FOR EACH STATEMENT EXECUTE FUNCTION %I()', t[2], t[1], t[2]);
        EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER %I', t[1], t[2]);
    END LOOP;
END $$;

DO $$
DECLARE
    in_scope text := 'partnership_id = ANY ((SELECT scope_ids(''partnerships''))::bigint[])';
    writes text := 'council_id = ANY ((SELECT scope_ids(''writes''))::bigint[])';
    member_writes text := in_scope || ' AND has_member(''writes'', partnership_id)';
    member_leads text := in_scope || ' AND has_member(''leads'', partnership_id)';
BEGIN
    CALL wall('savings_schemeversion', in_scope, member_writes);
    CALL wall('savings_indicatorwaiver', in_scope, member_leads);
    EXECUTE 'ALTER POLICY scope_write ON savings_indicator WITH CHECK (' || member_leads || ')';
    EXECUTE 'ALTER POLICY scope_write ON savings_reading WITH CHECK (' || in_scope || ' AND ' || writes || ')';
    EXECUTE 'ALTER POLICY scope_write ON savings_schemestatus WITH CHECK (' || member_writes
        || ' AND (status IN (''proposed'', ''delivering'') OR has_member(''leads'', partnership_id)))';
    EXECUTE 'ALTER POLICY scope_write ON savings_dispute WITH CHECK (' || in_scope || ' AND ' || writes
        || ' AND reading_id IS NULL)';
END $$;
GRANT INSERT ON savings_schemeversion, savings_indicatorwaiver TO banked_worker;
REVOKE ALL ON FUNCTION quality_dispute FROM PUBLIC;
