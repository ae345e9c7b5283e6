-- Checkpoints are made by the worker, which alone has the key, and are worth the more the more people keep one: everybody
-- who is signed in may. They tell of a stream how many acts it holds and a hash, and nothing of what was done.
CALL wall('councils_checkpoint', '(SELECT scope_has(''person''))', NULL);
GRANT INSERT ON councils_checkpoint TO banked_worker;

-- Auditors and finance leads ask for themselves; whoever no longer is one may still take the wish back.
CALL wall('councils_checkpointwish', 'person_id = (SELECT scope_person())',
    'person_id = (SELECT scope_person()) AND (NOT wanted OR (SELECT scope_has(''audits'')) OR (SELECT scope_has(''leads'')))');
GRANT INSERT ON councils_checkpointwish TO banked_worker;
CREATE TRIGGER written_by_actor AFTER INSERT ON councils_checkpointwish REFERENCING NEW TABLE AS written_rows
    FOR EACH STATEMENT EXECUTE FUNCTION written_by_actor('person_id');
ALTER TABLE councils_checkpointwish ENABLE ALWAYS TRIGGER written_by_actor;
-- the latest row holds, so nobody may choose an id
ALTER TABLE councils_checkpointwish ALTER COLUMN id SET GENERATED ALWAYS;
ALTER TABLE councils_checkpoint ALTER COLUMN id SET GENERATED ALWAYS;
ALTER TABLE councils_schemarecord ALTER COLUMN id SET GENERATED ALWAYS;

-- Bookkeeping, not sealed: what is still to be sent, and what the product found when it last verified itself.
CALL wall('councils_checkpointmail',
    'EXISTS (SELECT 1 FROM councils_user u WHERE u.id = user_id AND u.person_id = (SELECT scope_person()))', NULL);
GRANT INSERT, UPDATE ON councils_checkpointmail TO banked_worker;
CALL wall('councils_verification', 'true', NULL); -- counts and ids only; readiness asks outside any scope
GRANT INSERT, UPDATE ON councils_verification TO banked_worker;

-- Written by the owner when migrations have run, and by nobody else.
CALL wall('councils_schemarecord', '(SELECT scope_has(''person''))', NULL);
