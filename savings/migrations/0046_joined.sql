-- A role that a finance lead gives begins by an invitation that its holder accepted, or as the cover of somebody's absence.
-- Simply written for somebody who is here already, it would be theirs without a word of their own. An administrator
-- appoints from the shell.

CREATE FUNCTION role_comes_by_invitation() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    IF session_user IN ('banked_owner', 'banked_worker') THEN RETURN NULL; END IF;
    IF EXISTS (SELECT 1 FROM councils_act a JOIN councils_person p ON p.id = a.person_id
               WHERE a.id = NEW.act_id AND (p.system OR is_administrator(p.id, london_day(a.at)))) THEN
        RETURN NULL;
    END IF;
    IF NEW.replaces_id IS NULL AND NOT came_by_invitation(NEW) AND NOT EXISTS (
        SELECT 1 FROM savings_cover c
        WHERE (c.act_id, c.deputy_id, c.council_id, c.what, c.starts_on, c.ends_on)
            = (NEW.act_id, NEW.person_id, NEW.council_id, NEW.what, NEW.starts_on, NEW.ends_on)) THEN
        PERFORM ledger_refuse('a role begins by an invitation that is accepted', NEW.id);
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER role_comes_by_invitation AFTER INSERT ON councils_role DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION role_comes_by_invitation();
ALTER TABLE councils_role ENABLE ALWAYS TRIGGER role_comes_by_invitation;
