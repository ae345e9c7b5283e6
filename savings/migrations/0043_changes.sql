-- What members agreed is changed by all of them: shares, roles, host, vehicle, showing figures wider, leaving before the
-- notice has run, the end. One proposes; each answers by its own finance lead; the last to agree brings it about, and the
-- rows written then are those the change names. One member alone leaves on its day, and shows its figures to fewer.

DO $$
DECLARE
    in_scope text := 'partnership_id = ANY ((SELECT scope_ids(''partnerships''))::bigint[])';
    leads text := 'council_id = ANY ((SELECT scope_ids(''leads''))::bigint[])';
    proposes text := 'proposing_id = ANY ((SELECT scope_ids(''leads''))::bigint[])';
    t text;
BEGIN
    CALL wall('partnerships_change', in_scope, in_scope || ' AND ' || proposes);
    CALL wall('partnerships_changedmember', in_scope, in_scope || ' AND has_member(''leads'', partnership_id)');
    CALL wall('partnerships_changeanswer', in_scope, in_scope || ' AND ' || leads);
    FOREACH t IN ARRAY ARRAY['partnerships_change', 'partnerships_changedmember', 'partnerships_changeanswer'] LOOP
        CALL sight_wall(t, 'sees_act(partnership_id, act_id)');
        CALL as_at_wall(t, 'act_id');
        EXECUTE format('GRANT INSERT ON %I TO banked_worker', t);
    END LOOP;
END $$;

ALTER TABLE partnerships_change ADD CONSTRAINT partnerships_change_reason_plain CHECK (plain_text(reason, true));
ALTER TABLE partnerships_changeanswer ADD CONSTRAINT partnerships_changeanswer_plain CHECK (plain_text(reason, true));
-- A change is written whole, in one act: nobody adds to what somebody agreed to.
ALTER TABLE partnerships_change ADD CONSTRAINT partnerships_change_key UNIQUE (id, partnership_id, act_id);
ALTER TABLE partnerships_changedmember ADD CONSTRAINT partnerships_changedmember_whole
    FOREIGN KEY (change_id, partnership_id, act_id) REFERENCES partnerships_change (id, partnership_id, act_id);
ALTER TABLE partnerships_change ADD CONSTRAINT partnerships_change_of_partnership UNIQUE (id, partnership_id);
ALTER TABLE partnerships_changeanswer ADD CONSTRAINT partnerships_changeanswer_of
    FOREIGN KEY (change_id, partnership_id) REFERENCES partnerships_change (id, partnership_id);

CREATE FUNCTION members_from(p_partnership bigint, p_on date) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- Councils that are members on the day or will be later: who has a say.
    SELECT DISTINCT m.council_id FROM partnerships_membership m
    WHERE m.partnership_id = p_partnership AND (m.ends_on IS NULL OR m.ends_on > p_on)
      AND NOT EXISTS (SELECT 1 FROM partnerships_membership later WHERE later.replaces_id = m.id)
$$;
CREATE FUNCTION changed_by(p_act bigint, p_partnership bigint) RETURNS SETOF partnerships_change
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- The changes that came about in this act: the answer that completed them was given in it.
    SELECT c.* FROM partnerships_change c JOIN partnerships_changeanswer w ON w.change_id = c.id
    WHERE w.act_id = p_act AND w.partnership_id = p_partnership AND w.completes
$$;
REVOKE ALL ON FUNCTION members_from, changed_by FROM PUBLIC;

CREATE FUNCTION change_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v bigint;
BEGIN
    SELECT n.id INTO v FROM written_rows n JOIN councils_act a ON a.id = n.act_id
    WHERE a.person_id <> n.proposed_by_id OR a.at <> n.proposed_at
       OR NOT holds_lead(n.proposed_by_id, n.proposing_id, london_day(a.at))
       OR NOT member_from(n.partnership_id, n.proposing_id, london_day(a.at)) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a change is proposed by the finance lead of a member', v); END IF;
    SELECT n.id INTO v FROM written_rows n JOIN partnerships_partnership p ON p.id = n.partnership_id
        LEFT JOIN partnerships_ending e ON e.partnership_id = p.id
    WHERE (n.kind <> 'audience' AND n.starts_on < p.started_on) OR e.ended_on <= n.starts_on LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a change lies within the life of its partnership', v); END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER change_check AFTER INSERT ON partnerships_change REFERENCING NEW TABLE AS written_rows
    FOR EACH STATEMENT EXECUTE FUNCTION change_check();
ALTER TABLE partnerships_change ENABLE ALWAYS TRIGGER change_check;

CREATE FUNCTION change_is_whole() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- Terms name every member of the day and share out the whole; a leaving names one; nothing else names any.
DECLARE named int; shares record;
BEGIN
    SELECT count(*), sum(m.cost_share_bps) AS cost, count(m.cost_share_bps) AS costs, sum(m.gain_share_bps) AS gain,
           count(m.gain_share_bps) AS gains INTO shares
    FROM partnerships_changedmember m WHERE m.change_id = NEW.id;
    named := shares.count;
    IF named <> (CASE NEW.kind WHEN 'leaving' THEN 1 WHEN 'terms' THEN named ELSE 0 END) THEN
        PERFORM ledger_refuse('a change names the members it is about', NEW.id);
    END IF;
    IF NEW.kind = 'terms' AND (named = 0 OR EXISTS (
        SELECT 1 FROM partnerships_membership m WHERE m.partnership_id = NEW.partnership_id AND m.starts_on <= NEW.starts_on
          AND (m.ends_on IS NULL OR m.ends_on > NEW.starts_on)
          AND NOT EXISTS (SELECT 1 FROM partnerships_membership later WHERE later.replaces_id = m.id)
          AND NOT EXISTS (SELECT 1 FROM partnerships_changedmember n
                          WHERE n.change_id = NEW.id AND n.council_id = m.council_id))) THEN
        PERFORM ledger_refuse('a change of terms names every member', NEW.id);
    END IF;
    IF NEW.kind = 'terms' AND ((shares.costs > 0 AND (shares.costs <> named OR shares.cost <> 10000))
                               OR (shares.gains > 0 AND (shares.gains <> named OR shares.gain <> 10000))) THEN
        PERFORM ledger_refuse('shares come to 100%, or none is named', NEW.id);
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER change_is_whole AFTER INSERT ON partnerships_change DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION change_is_whole();
ALTER TABLE partnerships_change ENABLE ALWAYS TRIGGER change_is_whole;

CREATE FUNCTION change_answer_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE v bigint;
BEGIN
    PERFORM offers_lock((SELECT array_agg(partnership_id) FROM written_rows));
    SELECT n.id INTO v FROM written_rows n JOIN councils_act a ON a.id = n.act_id
    WHERE a.person_id <> n.answered_by_id OR a.at <> n.answered_at
       OR NOT holds_lead(n.answered_by_id, n.council_id, london_day(a.at))
       OR NOT member_from(n.partnership_id, n.council_id, london_day(a.at)) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a change is answered by each member''s own finance lead', v); END IF;
    SELECT n.id INTO v FROM written_rows n JOIN partnerships_change c ON c.id = n.change_id
    WHERE n.outcome = 'withdrawn' AND n.council_id <> c.proposing_id LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a change is withdrawn by the member that proposed it', v); END IF;
    SELECT n.id INTO v FROM written_rows n JOIN partnerships_changeanswer o ON o.change_id = n.change_id AND o.id < n.id
    WHERE o.completes OR o.outcome <> 'agreed' LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('that change is settled', v); END IF;
    -- the one that says so completes it, and no other
    SELECT n.id INTO v FROM written_rows n JOIN councils_act a ON a.id = n.act_id
    WHERE n.outcome = 'agreed' AND n.completes <> NOT EXISTS (
        SELECT 1 FROM members_from(n.partnership_id, london_day(a.at)) AS member
        WHERE NOT EXISTS (SELECT 1 FROM partnerships_changeanswer o
                          WHERE o.change_id = n.change_id AND o.council_id = member AND o.outcome = 'agreed')) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a change is agreed when every member has agreed', v); END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER change_answer_check AFTER INSERT ON partnerships_changeanswer REFERENCING NEW TABLE AS written_rows
    FOR EACH STATEMENT EXECUTE FUNCTION change_answer_check();
ALTER TABLE partnerships_changeanswer ENABLE ALWAYS TRIGGER change_answer_check;

CREATE FUNCTION change_comes_about() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
-- What is agreed is so: the rows stand when the act is over.
DECLARE c partnerships_change; done boolean;
BEGIN
    SELECT * INTO c FROM partnerships_change WHERE id = NEW.change_id;
    done := CASE c.kind
        WHEN 'vehicle' THEN EXISTS (SELECT 1 FROM partnerships_vehicle x WHERE x.act_id = NEW.act_id)
        WHEN 'audience' THEN EXISTS (SELECT 1 FROM partnerships_audience x WHERE x.act_id = NEW.act_id)
        WHEN 'ending' THEN EXISTS (SELECT 1 FROM partnerships_ending x WHERE x.act_id = NEW.act_id)
            AND NOT EXISTS (SELECT 1 FROM members_from(c.partnership_id, c.starts_on))
        ELSE NOT EXISTS (
            SELECT 1 FROM partnerships_changedmember n WHERE n.change_id = c.id AND NOT EXISTS (
                SELECT 1 FROM partnerships_membership m WHERE m.act_id = NEW.act_id AND m.council_id = n.council_id
                  AND (m.ends_on = c.starts_on OR m.starts_on = c.starts_on)))
        END;
    IF NOT done THEN PERFORM ledger_refuse('a change that all agreed to comes about in the same act', NEW.id); END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER change_comes_about AFTER INSERT ON partnerships_changeanswer DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.completes) EXECUTE FUNCTION change_comes_about();
ALTER TABLE partnerships_changeanswer ENABLE ALWAYS TRIGGER change_comes_about;

CREATE FUNCTION terms_agreed(p_row partnerships_membership) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- Whether the row starts on the day, and on the terms, of a change that came about in its act.
    SELECT EXISTS (
        SELECT 1 FROM changed_by(p_row.act_id, p_row.partnership_id) c JOIN partnerships_changedmember m ON m.change_id = c.id
        WHERE c.kind = 'terms' AND m.council_id = p_row.council_id AND p_row.starts_on = c.starts_on
          AND (m.role, m.host) = (p_row.role, p_row.host)
          AND (m.cost_share_bps, m.gain_share_bps) IS NOT DISTINCT FROM (p_row.cost_share_bps, p_row.gain_share_bps))
$$;
CREATE FUNCTION leaves_alone(p_act bigint, p_partnership bigint, p_council bigint, p_ends_on date) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- Whether a member may end its membership so, in this act, without asking the others: its own finance lead does.
    SELECT EXISTS (SELECT 1 FROM councils_act a WHERE a.id = p_act AND holds_lead(a.person_id, p_council, london_day(a.at)))
$$;
REVOKE ALL ON FUNCTION terms_agreed, leaves_alone FROM PUBLIC;

CREATE FUNCTION stands_by_agreement() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
-- A row that takes another's place: a successor's or predecessor's as a reorganisation is enacted; the end of one on the
-- day of a change, or its new terms; the end that its own council gives it.
DECLARE v bigint;
BEGIN
    IF session_user IN ('banked_owner', 'banked_worker') THEN RETURN NULL; END IF;  -- loads the register and the demo
    SELECT n.id INTO v FROM written_rows n JOIN partnerships_membership r ON r.id = n.replaces_id
    WHERE (n.partnership_id, n.council_id, n.starts_on, n.starts_precision)
        <> (r.partnership_id, r.council_id, r.starts_on, r.starts_precision) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a membership is changed from a day on, and begins when it began', v); END IF;
    SELECT n.id INTO v FROM written_rows n JOIN partnerships_membership r ON r.id = n.replaces_id
    WHERE NOT EXISTS (SELECT 1 FROM councils_succession s
                      WHERE s.act_id = n.act_id AND n.council_id IN (s.predecessor_id, s.successor_id))
      AND NOT ((n.role, n.host) = (r.role, r.host)
               AND (n.cost_share_bps, n.gain_share_bps) IS NOT DISTINCT FROM (r.cost_share_bps, r.gain_share_bps)
               AND (leaves_alone(n.act_id, n.partnership_id, n.council_id, n.ends_on) OR EXISTS (
                    SELECT 1 FROM changed_by(n.act_id, n.partnership_id) c WHERE n.ends_on = c.starts_on
                      AND (c.kind = 'ending' OR (c.kind IN ('terms', 'leaving') AND EXISTS (
                        SELECT 1 FROM partnerships_changedmember m
                        WHERE m.change_id = c.id AND m.council_id = n.council_id))))))
      AND NOT (n.ends_on IS NOT DISTINCT FROM r.ends_on AND terms_agreed(n)) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('what members agreed is changed when each of them agrees', v); END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER stands_by_agreement AFTER INSERT ON partnerships_membership REFERENCING NEW TABLE AS written_rows
    FOR EACH STATEMENT EXECUTE FUNCTION stands_by_agreement();
ALTER TABLE partnerships_membership ENABLE ALWAYS TRIGGER stands_by_agreement;

CREATE OR REPLACE FUNCTION joins_by_itself() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- A first row of a membership: of the founder's own council as it is founded, of an offer accepted in the same act on the
-- same terms, of a successor as its predecessor's membership passes to it, or on the terms of a change from its day on.
DECLARE v bigint;
BEGIN
    IF session_user IN ('banked_owner', 'banked_worker') THEN RETURN NULL; END IF;  -- loads the register and the demo
    SELECT n.id INTO v FROM written_rows n JOIN councils_act a ON a.id = n.act_id
    WHERE n.replaces_id IS NULL
      AND NOT (holds_lead(a.person_id, n.council_id, london_day(a.at)) AND EXISTS (
            SELECT 1 FROM partnerships_partnership x WHERE x.id = n.partnership_id AND x.act_id = n.act_id))
      AND NOT EXISTS (
            SELECT 1 FROM partnerships_offeranswer w JOIN partnerships_membershipoffer o ON o.id = w.offer_id
            WHERE w.act_id = n.act_id AND w.outcome = 'accepted' AND n.ends_on IS NULL
              AND (o.partnership_id, o.council_id, o.role, o.host, o.starts_on)
                = (n.partnership_id, n.council_id, n.role, n.host, n.starts_on)
              AND (o.cost_share_bps, o.gain_share_bps) IS NOT DISTINCT FROM (n.cost_share_bps, n.gain_share_bps))
      AND NOT EXISTS (
            SELECT 1 FROM councils_succession s JOIN partnerships_membership m ON m.council_id = s.predecessor_id
            WHERE s.act_id = n.act_id AND s.successor_id = n.council_id AND m.partnership_id = n.partnership_id)
      AND NOT (terms_agreed(n) AND EXISTS (
            SELECT 1 FROM partnerships_membership m JOIN partnerships_membership r ON r.id = m.replaces_id
            WHERE m.act_id = n.act_id AND m.ends_on = n.starts_on AND r.ends_on IS NOT DISTINCT FROM n.ends_on
              AND (m.partnership_id, m.council_id) = (n.partnership_id, n.council_id))) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a council joins by its own finance lead''s word, on the terms it was offered', v); END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION arranged_by_agreement() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
-- The vehicle, who may see the figures, and the end: as it is founded, or by a change that came about in the act. One
-- member alone may show the figures to fewer.
DECLARE v bigint;
BEGIN
    IF session_user IN ('banked_owner', 'banked_worker') THEN RETURN NULL; END IF;  -- loads the register and the demo
    IF TG_TABLE_NAME = 'partnerships_vehicle' THEN
        SELECT n.id INTO v FROM written_rows n
        WHERE NOT EXISTS (SELECT 1 FROM partnerships_partnership p WHERE (p.id, p.act_id) = (n.partnership_id, n.act_id))
          AND NOT EXISTS (SELECT 1 FROM changed_by(n.act_id, n.partnership_id) c
                          WHERE c.kind = 'vehicle' AND (c.form, c.starts_on) = (n.form, n.starts_on)) LIMIT 1;
    ELSIF TG_TABLE_NAME = 'partnerships_ending' THEN
        SELECT n.id INTO v FROM written_rows n
        WHERE NOT EXISTS (SELECT 1 FROM changed_by(n.act_id, n.partnership_id) c
                          WHERE c.kind = 'ending' AND c.starts_on = n.ended_on) LIMIT 1;
    ELSE
        SELECT n.id INTO v FROM written_rows n
        WHERE NOT EXISTS (SELECT 1 FROM partnerships_partnership p WHERE (p.id, p.act_id) = (n.partnership_id, n.act_id))
          AND NOT EXISTS (SELECT 1 FROM changed_by(n.act_id, n.partnership_id) c WHERE c.kind = 'audience' AND c.who = n.who)
          AND array_position(ARRAY['members', 'sector', 'public'], n.who) > coalesce((
                SELECT array_position(ARRAY['members', 'sector', 'public'], o.who) FROM partnerships_audience o
                WHERE o.partnership_id = n.partnership_id AND o.id < n.id ORDER BY o.id DESC LIMIT 1), 1) LIMIT 1;
    END IF;
    IF v IS NOT NULL THEN PERFORM ledger_refuse('what members agreed is changed when each of them agrees', v); END IF;
    RETURN NULL;
END $$;
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['vehicle', 'audience', 'ending'] LOOP
        EXECUTE format('CREATE TRIGGER arranged_by_agreement AFTER INSERT ON partnerships_%s
            REFERENCING NEW TABLE AS written_rows FOR EACH STATEMENT EXECUTE FUNCTION arranged_by_agreement()', t);
        EXECUTE format('ALTER TABLE partnerships_%s ENABLE ALWAYS TRIGGER arranged_by_agreement', t);
    END LOOP;
END $$;

-- An offer is taken back by the member that made it, or by any other once that one has left.
CREATE FUNCTION offer_withdrawn_by_its_own() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE v bigint;
BEGIN
    SELECT n.id INTO v FROM written_rows n JOIN partnerships_membershipoffer o ON o.id = n.offer_id
        JOIN councils_act a ON a.id = n.act_id
    WHERE n.outcome = 'withdrawn' AND n.speaking_id <> o.offering_id
      AND member_from(n.partnership_id, o.offering_id, london_day(a.at)) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('an offer is withdrawn by the member that made it', v); END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER offer_withdrawn_by_its_own AFTER INSERT ON partnerships_offeranswer REFERENCING NEW TABLE AS written_rows
    FOR EACH STATEMENT EXECUTE FUNCTION offer_withdrawn_by_its_own();
ALTER TABLE partnerships_offeranswer ENABLE ALWAYS TRIGGER offer_withdrawn_by_its_own;
