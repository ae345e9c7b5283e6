-- Who joins a partnership: whoever founds it for their own council, and whoever accepts an offer for theirs. An offer is
-- seen by the council it was made to and by the members; what it says of the partnership is all the council sees of it.

DO $$
-- Made before the walls on a new database and after them on an old one: either way the wall is built once, from nothing.
DECLARE t text; p record;
BEGIN
    FOREACH t IN ARRAY ARRAY['partnerships_membershipoffer', 'partnerships_offeranswer'] LOOP
        FOR p IN SELECT polname FROM pg_policy WHERE polrelid = t::regclass LOOP
            EXECUTE format('DROP POLICY %I ON %I', p.polname, t);
        END LOOP;
        EXECUTE format('REVOKE ALL ON %I FROM banked_app, banked_worker, banked_readonly', t);
    END LOOP;
END $$;

DO $$
DECLARE
    in_scope text := 'partnership_id = ANY ((SELECT scope_ids(''partnerships''))::bigint[])';
    own text := 'council_id = ANY ((SELECT scope_ids(''councils''))::bigint[])';
    leads text := 'council_id = ANY ((SELECT scope_ids(''leads''))::bigint[])';
    t text;
BEGIN
    CALL wall('partnerships_membershipoffer', own || ' OR ' || in_scope,
        in_scope || ' AND offering_id = ANY ((SELECT scope_ids(''leads''))::bigint[])');
    CALL wall('partnerships_offeranswer', own || ' OR ' || in_scope,
        '(outcome <> ''withdrawn'' AND ' || leads || ') OR (outcome = ''withdrawn'' AND ' || in_scope
            || ' AND speaking_id = ANY ((SELECT scope_ids(''leads''))::bigint[]))');
    FOREACH t IN ARRAY ARRAY['partnerships_membershipoffer', 'partnerships_offeranswer'] LOOP
        CALL sight_wall(t, own || ' OR sees_act(partnership_id, act_id)');
        CALL as_at_wall(t, 'act_id');
        EXECUTE format('GRANT INSERT ON %I TO banked_worker', t);
    END LOOP;
END $$;

-- Whoever accepts is no member yet, so nothing of the partnership is in their scope but what is their own.
CREATE POLICY own_read ON partnerships_membership FOR SELECT TO banked_app, banked_readonly
    USING (council_id = ANY ((SELECT scope_ids('councils'))::bigint[]));
CREATE POLICY accepted_write ON partnerships_membership FOR INSERT TO banked_app WITH CHECK (
    council_id = ANY ((SELECT scope_ids('leads'))::bigint[]) AND EXISTS (
        SELECT 1 FROM partnerships_offeranswer w WHERE w.act_id = partnerships_membership.act_id
          AND w.partnership_id = partnerships_membership.partnership_id
          AND w.council_id = partnerships_membership.council_id AND w.outcome = 'accepted'));
-- Each side reads the name of who speaks for the other.
CREATE POLICY named_in_offer ON councils_person FOR SELECT TO banked_app, banked_readonly USING (
    EXISTS (SELECT 1 FROM partnerships_membershipoffer o WHERE o.offered_by_id = councils_person.id)
    OR EXISTS (SELECT 1 FROM partnerships_offeranswer w WHERE w.answered_by_id = councils_person.id));

ALTER TABLE partnerships_membershipoffer ADD CONSTRAINT partnerships_offer_copied
    UNIQUE (id, partnership_id, council_id, offered_by_id);
ALTER TABLE partnerships_offeranswer ADD CONSTRAINT partnerships_offeranswer_copies
    FOREIGN KEY (offer_id, partnership_id, council_id, offered_by_id)
    REFERENCES partnerships_membershipoffer (id, partnership_id, council_id, offered_by_id);
ALTER TABLE partnerships_membershipoffer ADD CONSTRAINT partnerships_membershipoffer_message_plain
    CHECK (plain_text(message, true));
ALTER TABLE partnerships_offeranswer ADD CONSTRAINT partnerships_offeranswer_reason_plain
    CHECK (plain_text(reason, true));

CREATE FUNCTION holds_lead(p_person bigint, p_council bigint, p_on date) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- Whether somebody acts as the council's finance lead that day, as a deputy or for a predecessor too.
    SELECT EXISTS (SELECT 1 FROM roles_held(p_person, p_on) h WHERE h.council_id = p_council AND h.what = 'finance_lead')
$$;
CREATE FUNCTION member_from(p_partnership bigint, p_council bigint, p_on date) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- Whether the council is a member on the day or will be later.
    SELECT EXISTS (
        SELECT 1 FROM partnerships_membership m
        WHERE m.partnership_id = p_partnership AND m.council_id = p_council AND (m.ends_on IS NULL OR m.ends_on > p_on)
          AND NOT EXISTS (SELECT 1 FROM partnerships_membership later WHERE later.replaces_id = m.id))
$$;
REVOKE ALL ON FUNCTION holds_lead, member_from FROM PUBLIC;

CREATE FUNCTION offers_lock(p_partnerships bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE v bigint;
BEGIN
    FOR v IN SELECT DISTINCT unnest(p_partnerships) ORDER BY 1 LOOP
        PERFORM pg_advisory_xact_lock(x'6f666672'::int, (v % 2147483648)::int);
    END LOOP;
END $$;

CREATE FUNCTION offer_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v bigint;
BEGIN
    PERFORM offers_lock((SELECT array_agg(partnership_id) FROM written_rows));
    SELECT n.id INTO v FROM written_rows n JOIN councils_act a ON a.id = n.act_id
    WHERE a.person_id <> n.offered_by_id OR NOT holds_lead(n.offered_by_id, n.offering_id, london_day(a.at))
       OR NOT member_from(n.partnership_id, n.offering_id, london_day(a.at)) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('membership is offered by the finance lead of a member', v); END IF;
    SELECT n.id INTO v FROM written_rows n JOIN councils_act a ON a.id = n.act_id JOIN councils_council c ON c.id = n.council_id
    WHERE c.ended_on <= london_day(a.at) OR passed_on(c.id) <= london_day(a.at) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('membership is not offered to a council that has ended', v); END IF;
    SELECT n.id INTO v FROM written_rows n JOIN partnerships_partnership p ON p.id = n.partnership_id
        LEFT JOIN partnerships_ending e ON e.partnership_id = p.id
    WHERE n.starts_on < p.started_on OR e.ended_on <= n.starts_on LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a membership lies within the life of its partnership', v); END IF;
    SELECT n.id INTO v FROM written_rows n WHERE member_from(n.partnership_id, n.council_id, n.starts_on)
        OR EXISTS (SELECT 1 FROM partnerships_membershipoffer o
                   WHERE (o.partnership_id, o.council_id) = (n.partnership_id, n.council_id) AND o.id <> n.id
                     AND NOT EXISTS (SELECT 1 FROM partnerships_offeranswer w WHERE w.offer_id = o.id)) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('that council is a member already, or has an offer that waits', v); END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER offer_check AFTER INSERT ON partnerships_membershipoffer REFERENCING NEW TABLE AS written_rows
    FOR EACH STATEMENT EXECUTE FUNCTION offer_check();
ALTER TABLE partnerships_membershipoffer ENABLE ALWAYS TRIGGER offer_check;

CREATE FUNCTION offer_answer_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE v bigint;
BEGIN
    PERFORM offers_lock((SELECT array_agg(partnership_id) FROM written_rows));
    SELECT n.id INTO v FROM written_rows n JOIN councils_act a ON a.id = n.act_id
    WHERE a.person_id <> n.answered_by_id OR NOT holds_lead(n.answered_by_id, n.speaking_id, london_day(a.at))
       OR (n.outcome = 'withdrawn' AND NOT member_from(n.partnership_id, n.speaking_id, london_day(a.at))) LIMIT 1;
    IF FOUND THEN
        PERFORM ledger_refuse('an offer is answered by the finance lead of the council it was made to, '
                              'and withdrawn by that of a member', v);
    END IF;
    SELECT n.id INTO v FROM written_rows n JOIN councils_act a ON a.id = n.act_id
    WHERE n.outcome = 'accepted'
      AND n.offered_by_id = ANY (stands_in_for(n.answered_by_id, n.council_id, london_day(a.at))) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('you stand in for the person who made the offer, so you cannot accept it', v); END IF;
    SELECT n.id INTO v FROM written_rows n JOIN partnerships_membershipoffer o ON o.id = n.offer_id
        LEFT JOIN partnerships_ending e ON e.partnership_id = n.partnership_id
    WHERE n.outcome = 'accepted'
      AND (e.ended_on <= o.starts_on OR member_from(n.partnership_id, n.council_id, o.starts_on)) LIMIT 1;
    IF FOUND THEN
        PERFORM ledger_refuse('that council is a member already, or the partnership ended before it would join', v);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER offer_answer_check AFTER INSERT ON partnerships_offeranswer REFERENCING NEW TABLE AS written_rows
    FOR EACH STATEMENT EXECUTE FUNCTION offer_answer_check();
ALTER TABLE partnerships_offeranswer ENABLE ALWAYS TRIGGER offer_answer_check;

CREATE FUNCTION joins_by_itself() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- A first row of a membership: of the founder's own council as it is founded, of an offer accepted in the same act on the
-- same terms, of a successor as its predecessor's membership passes to it, or one that goes on from the row that ended.
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
      AND NOT EXISTS (
            SELECT 1 FROM partnerships_membership m
            WHERE m.act_id = n.act_id AND m.replaces_id IS NOT NULL AND m.ends_on = n.starts_on
              AND (m.partnership_id, m.council_id) = (n.partnership_id, n.council_id)) LIMIT 1;
    IF FOUND THEN PERFORM ledger_refuse('a council joins by its own finance lead''s word, on the terms it was offered', v); END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER joins_by_itself AFTER INSERT ON partnerships_membership REFERENCING NEW TABLE AS written_rows
    FOR EACH STATEMENT EXECUTE FUNCTION joins_by_itself();
ALTER TABLE partnerships_membership ENABLE ALWAYS TRIGGER joins_by_itself;

CREATE FUNCTION accepted_is_a_member() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM partnerships_membership m
                   WHERE (m.act_id, m.partnership_id, m.council_id) = (NEW.act_id, NEW.partnership_id, NEW.council_id)) THEN
        PERFORM ledger_refuse('an offer that is accepted makes a member in the same act', NEW.id);
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER accepted_is_a_member AFTER INSERT ON partnerships_offeranswer DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.outcome = 'accepted') EXECUTE FUNCTION accepted_is_a_member();
ALTER TABLE partnerships_offeranswer ENABLE ALWAYS TRIGGER accepted_is_a_member;

CREATE FUNCTION offered_partnership(p_offer uuid) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- What an offer says of the partnership, to the people of the council it was made to: once it has ended, its name.
    SELECT jsonb_build_object('name', p.name) || CASE WHEN w.id IS NOT NULL THEN '{}' ELSE jsonb_build_object(
        'summary', p.summary, 'started_on', p.started_on,
        'services', (SELECT jsonb_agg(s.name ORDER BY s.name) FROM partnerships_partnershipservice x
                     JOIN partnerships_service s ON s.id = x.service_id WHERE x.partnership_id = p.id),
        'purposes', (SELECT jsonb_agg(x.what ORDER BY x.id) FROM partnerships_purpose x WHERE x.partnership_id = p.id),
        'vehicle', (SELECT x.form FROM partnerships_vehicle x WHERE x.partnership_id = p.id
                    ORDER BY x.starts_on DESC, x.id DESC LIMIT 1),
        'audience', (SELECT x.who FROM partnerships_audience x WHERE x.partnership_id = p.id ORDER BY x.id DESC LIMIT 1),
        'members', (SELECT jsonb_agg(c.name || CASE WHEN m.host THEN ', host' ELSE '' END ORDER BY c.name)
                    FROM partnerships_membership m JOIN councils_council c ON c.id = m.council_id
                    WHERE m.partnership_id = p.id AND member_from(p.id, c.id, london_day(o.offered_at))
                      AND NOT EXISTS (SELECT 1 FROM partnerships_membership later WHERE later.replaces_id = m.id))) END
    FROM partnerships_membershipoffer o JOIN partnerships_partnership p ON p.id = o.partnership_id
        LEFT JOIN partnerships_offeranswer w ON w.offer_id = o.id
    WHERE o.public_id = p_offer AND (o.council_id = ANY (scope_ids('councils')) OR o.partnership_id = ANY (scope_ids('partnerships')))
$$;
REVOKE ALL ON FUNCTION offered_partnership FROM PUBLIC;
GRANT EXECUTE ON FUNCTION offered_partnership TO banked_app, banked_worker, banked_readonly;
