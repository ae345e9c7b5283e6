-- A distinction is withdrawn by a row after it: the latest of a pair holds. It is of claims that a rule caught.

ALTER TABLE savings_distinction ADD CONSTRAINT savings_distinction_turns
    CHECK (sequence >= 1 AND apart = (sequence % 2 = 1));
ALTER TABLE savings_distinctionacross ADD CONSTRAINT savings_across_turns
    CHECK (sequence >= 1 AND apart = (sequence % 2 = 1));

CREATE FUNCTION claims_near(a bigint, b bigint) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
-- EVIDENCE section 3: within 1% of the larger or £1,000, whichever is wider; by size. As savings.analysis.parameters.
    SELECT abs(abs(a) - abs(b)) * 10000 <= greatest(greatest(abs(a), abs(b)) * 100, 100000 * 10000)
$$;

CREATE FUNCTION claim_of(p_partnership bigint, p_year int, p_council bigint, p_scheme bigint)
RETURNS TABLE (pence bigint, service_id bigint, ref text, file text) LANGUAGE sql STABLE AS $$
-- One banked cash-releasing line as the ledger has it: pence, and the one reference and the one document (its SHA-256)
-- that all of it rests on, or null.
    WITH entry AS (
        SELECT e.id, e.amount_pence, e.document_ref, e.reverses_id IS NULL
               AND NOT EXISTS (SELECT 1 FROM savings_entry r WHERE r.reverses_id = e.id) AS stands
        FROM savings_entry e
        WHERE e.scheme_id = p_scheme AND e.council_id = p_council AND e.year = p_year AND e.series = 'banked'
          AND e.kind = 'saving' AND e.partnership_id = p_partnership AND e.benefit_class = 'cash_releasing'
    ), proof AS (
        SELECT min(d.sha256) AS first, max(d.sha256) AS last
        FROM entry e JOIN savings_support u ON u.entry_id = e.id JOIN savings_document d ON d.id = u.document_id
        WHERE e.stands AND u.withdraws_id IS NULL
          AND NOT EXISTS (SELECT 1 FROM savings_support w WHERE w.withdraws_id = u.id)
    )
    SELECT coalesce(sum(e.amount_pence), 0)::bigint, (SELECT service_id FROM savings_scheme WHERE id = p_scheme),
           CASE WHEN min(nullif(e.document_ref, '')) FILTER (WHERE e.stands)
                   = max(nullif(e.document_ref, '')) FILTER (WHERE e.stands)
                THEN max(nullif(e.document_ref, '')) FILTER (WHERE e.stands) END,
           (SELECT first FROM proof WHERE first = last)
    FROM entry e
$$;

CREATE FUNCTION claims_alike(p_partnership bigint, p_year int, p_council bigint, p_scheme bigint,
    p_other_council bigint, p_other_scheme bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
-- Whether rule 2 takes two lines of one partnership for one saving, asked of the ledger itself.
    WITH side AS (
        SELECT m.council_id, m.role IN ('provider', 'both') AS provides, m.role IN ('receiver', 'both') AS receives
        FROM partnerships_membership m
        WHERE m.partnership_id = p_partnership AND m.council_id IN (p_council, p_other_council)
          AND m.starts_on < make_date(p_year + 1, 4, 1) AND coalesce(m.ends_on, 'infinity') > make_date(p_year, 4, 1)
          AND NOT EXISTS (SELECT 1 FROM partnerships_membership later WHERE later.replaces_id = m.id)
    )
    SELECT coalesce(a.pence <> 0 AND b.pence <> 0 AND (
        (a.pence = b.pence AND (coalesce(a.ref = b.ref, false) OR coalesce(a.file = b.file, false)))
        OR (p_council <> p_other_council AND a.service_id = b.service_id AND claims_near(a.pence, b.pence) AND EXISTS (
            SELECT 1 FROM side s JOIN side o ON s.council_id = p_council AND o.council_id = p_other_council
            WHERE s.provides AND o.receives OR s.receives AND o.provides))), false)
    FROM claim_of(p_partnership, p_year, p_council, p_scheme) a,
         claim_of(p_partnership, p_year, p_other_council, p_other_scheme) b
$$;

CREATE FUNCTION claims_alike_across(p_year int, p_council bigint, p_partnership bigint, p_scheme bigint,
    p_other_partnership bigint, p_other_scheme bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
-- Whether rule 3 takes two lines of one council in two partnerships for one saving.
    SELECT a.pence <> 0 AND b.pence <> 0 AND a.service_id = b.service_id AND claims_near(a.pence, b.pence)
    FROM claim_of(p_partnership, p_year, p_council, p_scheme) a,
         claim_of(p_other_partnership, p_year, p_council, p_other_scheme) b
$$;

CREATE FUNCTION distinction_turn() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE v bigint;
BEGIN
    SELECT n.id INTO v FROM written_rows n
    WHERE n.sequence <> 1 + (
        SELECT count(*) FROM savings_distinction b
        WHERE (b.partnership_id, b.year, b.council_id, b.scheme_id, b.other_council_id, b.other_scheme_id)
            = (n.partnership_id, n.year, n.council_id, n.scheme_id, n.other_council_id, n.other_scheme_id)
          AND b.sequence < n.sequence) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a distinction follows the one before it', v); END IF;
    SELECT n.id INTO v FROM written_rows n
    WHERE n.apart AND NOT claims_alike(n.partnership_id, n.year, n.council_id, n.scheme_id, n.other_council_id,
                                       n.other_scheme_id) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('no rule takes these claims for one saving', v); END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION across_turn() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE v bigint;
BEGIN
    SELECT n.id INTO v FROM written_rows n
    WHERE n.sequence <> 1 + (
        SELECT count(*) FROM savings_distinctionacross b
        WHERE (b.council_id, b.year, b.scheme_id, b.other_scheme_id)
            = (n.council_id, n.year, n.scheme_id, n.other_scheme_id) AND b.sequence < n.sequence) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a distinction follows the one before it', v); END IF;
    SELECT n.id INTO v FROM written_rows n
    WHERE n.apart AND NOT claims_alike_across(n.year, n.council_id, n.partnership_id, n.scheme_id,
                                              n.other_partnership_id, n.other_scheme_id) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('no rule takes these claims for one saving', v); END IF;
    RETURN NULL;
END $$;

DO $$
DECLARE t text[];
BEGIN
    FOREACH t SLICE 1 IN ARRAY ARRAY[['savings_distinction', 'distinction_turn'], ['savings_distinctionacross', 'across_turn']]
    LOOP
        EXECUTE format('CREATE TRIGGER of_claims_caught AFTER INSERT ON %I REFERENCING NEW TABLE AS written_rows
            FOR EACH STATEMENT EXECUTE FUNCTION %I()', t[1], t[2]);
        EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER of_claims_caught', t[1]);
    END LOOP;
END $$;

DO $$
-- Rule 3 asks the latest word about a pair.
DECLARE
    v_was text := pg_get_functiondef('claims_elsewhere'::regproc);
    v_is text := replace(v_was, 'AND (d.scheme_id, d.other_scheme_id) IN', 'AND d.apart AND NOT EXISTS (
            SELECT 1 FROM savings_distinctionacross w
            WHERE (w.council_id, w.year, w.scheme_id, w.other_scheme_id)
                = (d.council_id, d.year, d.scheme_id, d.other_scheme_id) AND w.sequence > d.sequence
              AND (coalesce(current_setting(''banked.as_at'', true), '''') = ''''
                OR coalesce(nullif(current_setting(''banked.as_at_acts'', true), ''''), ''{}'')::int8multirange @> w.act_id))
          AND (d.scheme_id, d.other_scheme_id) IN');
BEGIN
    IF v_is = v_was THEN RAISE EXCEPTION 'claims_elsewhere no longer asks for distinctions'; END IF;
    EXECUTE v_is;
END $$;

CREATE FUNCTION claims_changed(p_partnership bigint, p_year int)
RETURNS TABLE (council_id bigint, scheme_id bigint, service_id bigint, line bigint, pence bigint, grade smallint,
    ref text, refs smallint, file text, files smallint) LANGUAGE sql STABLE AS $$
-- The lines that acts still waiting to be counted changed, as they are with those. What waits is little: of an act the
-- first 5,000 rows, of the acts the newest 100; whatever is left out of that is compared once it is counted.
    WITH waiting AS (
        SELECT DISTINCT m.act FROM savings_mark m
        WHERE m.partnership_id = p_partnership AND m.year = p_year AND m.act IS NOT NULL ORDER BY m.act DESC LIMIT 100
    ), entry AS (  -- by act first: the index on acts is the one whose rows are few
        SELECT e.id, e.council_id, e.scheme_id, e.amount_pence, e.reverses_id, nullif(e.document_ref, '') AS ref
        FROM waiting w CROSS JOIN LATERAL (SELECT * FROM savings_entry n WHERE n.act_id = w.act LIMIT 5000) e
        WHERE e.partnership_id = p_partnership AND e.year = p_year AND e.series = 'banked' AND e.kind = 'saving'
          AND e.benefit_class = 'cash_releasing'
        LIMIT 20000
    ), proof AS (
        SELECT e.council_id, e.scheme_id, min(d.sha256) AS first, max(d.sha256) AS last
        FROM entry e JOIN savings_support u ON u.entry_id = e.id JOIN savings_document d ON d.id = u.document_id
        WHERE u.withdraws_id IS NULL GROUP BY 1, 2
    ), moved AS (
        SELECT e.council_id, e.scheme_id, sum(e.amount_pence) AS pence, min(e.id) FILTER (WHERE e.reverses_id IS NULL) AS line,
               min(e.ref) FILTER (WHERE e.reverses_id IS NULL) AS first, max(e.ref) FILTER (WHERE e.reverses_id IS NULL) AS last
        FROM entry e GROUP BY 1, 2
    ), met AS (
        SELECT m.*, k.line AS was_line, coalesce(k.pence, 0) + m.pence AS now, coalesce(k.grade, 0::smallint) AS grade,
               CASE WHEN m.first IS NULL OR k.ref = m.first AND m.first = m.last THEN coalesce(k.refs, 0)
                    WHEN coalesce(k.refs, 0) = 0 AND m.first = m.last THEN 1 ELSE 2 END AS refs,
               coalesce(nullif(k.ref, ''), m.first) AS ref,
               CASE WHEN p.first IS NULL OR k.file = p.first AND p.first = p.last THEN coalesce(k.files, 0)
                    WHEN coalesce(k.files, 0) = 0 AND p.first = p.last THEN 1 ELSE 2 END AS files,
               coalesce(nullif(k.file, ''), p.first) AS file
        FROM moved m
        LEFT JOIN proof p ON p.council_id = m.council_id AND p.scheme_id = m.scheme_id
        LEFT JOIN savings_claimline k ON k.partnership_id = p_partnership AND k.year = p_year
            AND k.council_id = m.council_id AND k.scheme_id = m.scheme_id
    )
    SELECT t.council_id, t.scheme_id, s.service_id, coalesce(t.was_line, t.line), t.now::bigint, t.grade::smallint,
           CASE WHEN t.refs = 1 THEN t.ref ELSE '' END, t.refs::smallint,
           CASE WHEN t.files = 1 THEN t.file ELSE '' END, t.files::smallint
    FROM met t JOIN savings_scheme s ON s.id = t.scheme_id
$$;

CREATE FUNCTION claim_lines_elsewhere(p_partnership bigint, p_year int, p_council bigint, p_lines bigint[],
    p_services bigint[], p_schemes bigint[], p_pence bigint[])
RETURNS TABLE (own_line bigint, partnership_id bigint, scheme_id bigint, line bigint, pence bigint, apart boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- As `claims_elsewhere`, of the lines as last counted and what waits to be: at the same cost however large the other
-- ledgers are. For what is being typed, so of the present; of a council the reader records for. It tells as little.
    WITH changed AS MATERIALIZED (
        SELECT m.partnership_id, c.* FROM (
            SELECT DISTINCT partnership_id FROM partnerships_membership
            WHERE council_id = p_council AND partnership_id <> p_partnership) m
        CROSS JOIN LATERAL claims_changed(m.partnership_id, p_year) c WHERE c.council_id = p_council
    )
    SELECT o.line, k.partnership_id, k.scheme_id, k.line, k.pence, EXISTS (
        SELECT 1 FROM savings_distinctionacross d
        WHERE d.council_id = p_council AND d.year = p_year AND d.apart
          AND (d.scheme_id, d.other_scheme_id) IN ((o.scheme_id, k.scheme_id), (k.scheme_id, o.scheme_id))
          AND NOT EXISTS (
            SELECT 1 FROM savings_distinctionacross w
            WHERE (w.council_id, w.year, w.scheme_id, w.other_scheme_id)
                = (d.council_id, d.year, d.scheme_id, d.other_scheme_id) AND w.sequence > d.sequence))
    FROM unnest(p_lines, p_services, p_schemes, p_pence) o (line, service_id, scheme_id, pence)
    CROSS JOIN LATERAL (
        (SELECT c.partnership_id, c.scheme_id, c.line, c.pence FROM savings_claimline c
         WHERE c.council_id = p_council AND c.year = p_year AND c.service_id = o.service_id
           AND c.partnership_id <> p_partnership AND c.pence <> 0
           AND c.size BETWEEN least(abs(o.pence) - 100000, abs(o.pence) * 99 / 100)
                          AND greatest(abs(o.pence) + 100000, abs(o.pence) * 100 / 99 + 1)
           AND claims_near(c.pence, o.pence)
           AND NOT EXISTS (SELECT 1 FROM changed x WHERE x.scheme_id = c.scheme_id)
         ORDER BY c.size LIMIT 20)
        UNION ALL
        (SELECT c.partnership_id, c.scheme_id, c.line, c.pence FROM changed c
         WHERE c.service_id = o.service_id AND c.pence <> 0 AND c.line IS NOT NULL AND claims_near(c.pence, o.pence)
         LIMIT 20)) k
    WHERE (SELECT p_partnership = ANY (scope_ids('partnerships')) AND p_council = ANY (scope_ids('writes')))
    ORDER BY o.line, k.line
$$;
REVOKE ALL ON FUNCTION claim_lines_elsewhere FROM PUBLIC;
GRANT EXECUTE ON FUNCTION claim_lines_elsewhere TO banked_app, banked_worker;

CALL wall('savings_claimline', 'partnership_id = ANY ((SELECT scope_ids(''partnerships''))::bigint[])', NULL);
GRANT INSERT, UPDATE, DELETE ON savings_claimline TO banked_worker;
-- lines are kept from the next count on: count every year anew
INSERT INTO savings_mark (partnership_id, year, made_at)
SELECT DISTINCT partnership_id, year, clock_timestamp() FROM savings_rollup;
