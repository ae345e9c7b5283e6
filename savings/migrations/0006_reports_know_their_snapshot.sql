-- Whoever may see a report may see how far the job that makes it has come, and why it failed.
ALTER POLICY scope_read ON savings_job USING (
    person_id = (SELECT scope_person()) OR EXISTS (SELECT 1 FROM savings_report r WHERE r.job_id = savings_job.id));

-- A report of a partnership is for one of its members: otherwise a person of two councils could hand the rows of the
-- one's partnership to the people of the other.
ALTER POLICY scope_write ON savings_report WITH CHECK (
    council_id = ANY ((SELECT scope_ids('councils'))::bigint[])
    AND partnership_id = ANY ((SELECT scope_ids('partnerships'))::bigint[])
    AND asked_by_id = (SELECT scope_person())
    AND EXISTS (SELECT 1 FROM partnerships_membership m
                WHERE m.partnership_id = savings_report.partnership_id AND m.council_id = savings_report.council_id));
