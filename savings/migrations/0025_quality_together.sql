-- A claim disputes itself when it finds a bad reading, and a reading disputes the claims it finds (0011). When both
-- commit in the same moment neither finds the other. Both are of one council, so the second asks again when its act is
-- sealed, while it holds that council's stream and sees what the first has committed, and is told to send it again.

CREATE FUNCTION worse_than_tolerated(p_value numeric, p_baseline numeric, p_tolerance numeric, p_higher boolean)
RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
-- Exactly at the limit is tolerated. A property compares this with savings.models.Indicator.worse.
    SELECT CASE WHEN p_higher THEN p_value < p_baseline - p_tolerance ELSE p_value > p_baseline + p_tolerance END
$$;

CREATE OR REPLACE FUNCTION quality_failed(p_indicator bigint, p_council bigint, p_quarter date) RETURNS boolean
LANGUAGE sql STABLE AS $$
-- Whether the reading in force of that member and quarter is worse than tolerated.
    SELECT coalesce((
        SELECT worse_than_tolerated(r.value, i.baseline, i.tolerance, i.higher_is_better)
        FROM savings_reading r JOIN savings_indicator i ON i.id = r.indicator_id
        WHERE r.indicator_id = p_indicator AND r.council_id = p_council AND r.quarter = p_quarter
          AND NOT EXISTS (SELECT 1 FROM savings_reading later WHERE later.replaces_id = r.id)), false)
$$;

CREATE FUNCTION quality_due(p_entries bigint[]) RETURNS TABLE (entry_id bigint, reading_id bigint)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
-- The cash-releasing claims among the entries whose scheme's indicator read worse than tolerated for their council in a
-- quarter of their year, and that reading. What was decided about it stays decided: nothing is disputed twice, and once
-- a lead accepted the reading for a scheme its other claims are not disputed for it either.
    SELECT e.id, r.id
    FROM savings_entry e
    JOIN savings_reading r ON r.indicator_id = scheme_indicator(e.scheme_id) AND r.council_id = e.council_id
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
    ORDER BY e.id, r.quarter
$$;

CREATE OR REPLACE FUNCTION quality_dispute(p_act bigint, p_at timestamptz, p_entries bigint[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- Disputes, in the product's own name, what quality_due finds among the entries.
BEGIN
    INSERT INTO savings_dispute (public_id, salt, act_id, entry_id, partnership_id, council_id, reason, raised_by_id,
                                 raised_at, reading_id)
    SELECT gen_random_uuid(), gen_random_uuid(), p_act, e.id, e.partnership_id, e.council_id,
           format('%s read %s (%s) for the quarter from %s. Before sharing it was %s, and %s is tolerated.', i.name,
                  trim_scale(r.value), i.unit, to_char(r.quarter, 'FMDD FMMonth YYYY'), trim_scale(i.baseline),
                  trim_scale(CASE WHEN i.higher_is_better THEN i.baseline - i.tolerance
                                  ELSE i.baseline + i.tolerance END)),
           (SELECT id FROM councils_person WHERE system ORDER BY id LIMIT 1), p_at, r.id
    FROM quality_due(p_entries) due
    JOIN savings_entry e ON e.id = due.entry_id
    JOIN savings_reading r ON r.id = due.reading_id
    JOIN savings_indicator i ON i.id = r.indicator_id
    ORDER BY e.id, r.quarter;
END $$;

CREATE FUNCTION quality_together() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp SET enable_seqscan = off AS $$
-- Asked for each scheme, member and year first, so that an act of many claims without a reading costs next to nothing.
DECLARE v bigint; v_council bigint; v_claims bigint[];
BEGIN
    SELECT council_id INTO v_council FROM councils_stream WHERE id = NEW.stream_id;
    IF v_council IS NULL OR NOT EXISTS (
        SELECT 1 FROM councils_written
        WHERE act_id = NEW.act_id AND relation IN ('savings_entry', 'savings_reading', 'savings_dispute')) THEN
        RETURN NULL;
    END IF;

    SELECT array_agg(n.id) INTO v_claims FROM savings_entry n
    JOIN (SELECT DISTINCT scheme_id, year FROM savings_entry
          WHERE act_id = NEW.act_id AND council_id = v_council AND series = 'banked'
            AND benefit_class = 'cash_releasing' AND reverses_id IS NULL) d USING (scheme_id, year)
    WHERE n.act_id = NEW.act_id AND n.council_id = v_council AND EXISTS (
        SELECT 1 FROM savings_reading r
        WHERE r.indicator_id = scheme_indicator(d.scheme_id) AND r.council_id = v_council
          AND r.quarter >= make_date(d.year, 4, 1) AND r.quarter < make_date(d.year + 1, 4, 1));
    SELECT v_claims || array_agg(e.id) INTO v_claims
    FROM savings_reading r
    JOIN savings_entry e ON e.partnership_id = r.partnership_id AND e.council_id = r.council_id
        AND e.year = extract(year FROM r.quarter) - (extract(month FROM r.quarter) < 4)::int
    WHERE r.act_id = NEW.act_id AND r.council_id = v_council AND scheme_indicator(e.scheme_id) = r.indicator_id;
    IF v_claims IS NOT NULL THEN
        SELECT entry_id INTO v FROM quality_due(v_claims) LIMIT 1;
        IF FOUND THEN PERFORM ledger_refuse('a claim and a reading met in the same moment', v); END IF;
    END IF;

    -- and the other way: what is disputed for a reading that was put right in the same moment
    SELECT d.entry_id INTO v FROM savings_dispute d JOIN savings_reading x ON x.id = d.reading_id
    WHERE d.act_id = NEW.act_id AND d.council_id = v_council
      AND NOT quality_failed(x.indicator_id, x.council_id, x.quarter) LIMIT 1;
    IF NOT FOUND THEN
        SELECT d.entry_id INTO v FROM savings_reading r
        JOIN savings_reading x ON (x.indicator_id, x.council_id, x.quarter) = (r.indicator_id, r.council_id, r.quarter)
        JOIN savings_dispute d ON d.reading_id = x.id
        WHERE r.act_id = NEW.act_id AND r.council_id = v_council
          AND NOT quality_failed(r.indicator_id, r.council_id, r.quarter)
          AND NOT EXISTS (SELECT 1 FROM savings_disputeoutcome o WHERE o.dispute_id = d.id) LIMIT 1;
    END IF;
    IF FOUND THEN PERFORM ledger_refuse('a claim and a reading met in the same moment', v); END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER quality_together AFTER INSERT ON councils_event FOR EACH ROW EXECUTE FUNCTION quality_together();
ALTER TABLE councils_event ENABLE ALWAYS TRIGGER quality_together;
REVOKE ALL ON FUNCTION quality_due FROM PUBLIC;
