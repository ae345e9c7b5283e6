-- Rules of entry_check look at what other acts wrote, and an act of another connection that has not committed yet is
-- not seen: a quarter that is being closed, and a year that is being recorded the other way; an entry that is
-- being reversed while it is signed off; a dispute that a colleague raises too. No lock of their own is
-- needed. Both acts are of one council, and act_seal holds that council's stream from before its event until the
-- commit, so of two acts the second asks again here, when the first has committed, and is refused. Recording waits for
-- nobody for longer than sealing always did.

CREATE FUNCTION one_at_a_time() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE v bigint; v_council bigint;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM councils_written
                   WHERE act_id = NEW.act_id AND relation IN (
                       'savings_entry', 'savings_charge', 'savings_decision', 'savings_dispute')) THEN
        RETURN NULL;
    END IF;
    SELECT council_id INTO v_council FROM councils_stream WHERE id = NEW.stream_id;

    SELECT n.id INTO v FROM savings_decision n JOIN savings_entry r ON r.reverses_id = n.entry_id
    WHERE n.act_id = NEW.act_id AND n.council_id = v_council LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('the entry is reversed: there is nothing left to decide', v); END IF;

    SELECT n.id INTO v FROM savings_dispute n JOIN savings_dispute d
        ON (d.entry_id, d.council_id) = (n.entry_id, n.council_id) AND d.id <> n.id
        AND d.reading_id IS NOT DISTINCT FROM n.reading_id  -- each bad reading of a year is decided by itself
    WHERE n.act_id = NEW.act_id AND n.council_id = v_council
      AND NOT EXISTS (SELECT 1 FROM savings_disputeoutcome o WHERE o.dispute_id = d.id) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('that council disputes this entry already', v); END IF;

    SELECT d.id INTO v FROM (
        SELECT min(id) AS id, partnership_id, posted_quarter FROM savings_entry
        WHERE act_id = NEW.act_id AND council_id = v_council AND series <> 'projected' GROUP BY 2, 3
        UNION ALL
        SELECT min(id) AS id, partnership_id, posted_quarter FROM savings_charge
        WHERE act_id = NEW.act_id AND council_id = v_council AND series <> 'projected' GROUP BY 2, 3) d
    WHERE quarter_closed(d.partnership_id, v_council, d.posted_quarter) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('the quarter it would be posted in is closed', v); END IF;

    SELECT d.id INTO v FROM (
        SELECT min(id) AS id, partnership_id, year, month, adjustment FROM savings_entry
        WHERE act_id = NEW.act_id AND council_id = v_council AND series = 'banked' AND reverses_id IS NULL
        GROUP BY 2, 3, 4, 5) d
    WHERE d.adjustment <> quarter_closed(d.partnership_id, v_council, period_quarter(d.year, d.month)) LIMIT 1;
    IF FOUND THEN
        PERFORM ledger_refuse('an amount for a closed quarter is an adjustment, and only such an amount is one', v);
    END IF;

    SELECT d.id INTO v FROM (
        SELECT min(id) AS id, scheme_id, year, series, kind, month IS NULL AS whole FROM savings_entry
        WHERE act_id = NEW.act_id AND council_id = v_council AND reverses_id IS NULL GROUP BY 2, 3, 4, 5, 6) d
    WHERE EXISTS (
        SELECT 1 FROM savings_entry e
        WHERE e.scheme_id = d.scheme_id AND e.council_id = v_council AND e.year = d.year AND e.series = d.series
          AND e.kind = d.kind AND (e.month IS NULL) = NOT d.whole AND e.reverses_id IS NULL
          AND NOT EXISTS (SELECT 1 FROM savings_entry r WHERE r.reverses_id = e.id)) LIMIT 1;
    IF FOUND THEN
        PERFORM ledger_refuse('this scheme already has amounts for that year of the other kind: a year is recorded by '
            'month or as a whole, never both', v);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER one_at_a_time AFTER INSERT ON councils_event FOR EACH ROW EXECUTE FUNCTION one_at_a_time();
ALTER TABLE councils_event ENABLE ALWAYS TRIGGER one_at_a_time;
