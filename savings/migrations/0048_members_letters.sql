CALL wall('savings_membersletter', 'person_id = (SELECT scope_person())', NULL);
GRANT INSERT, UPDATE ON savings_membersletter TO banked_worker;
