-- A change of the schema that takes a while, for tests that kill the server in the midst of it.
ALTER TABLE records ADD COLUMN letters BIGINT NOT NULL DEFAULT 0;
UPDATE records SET letters = LENGTH(fields);
CREATE TABLE later_records AS SELECT id, dataset_id, letters FROM records;
CREATE INDEX later_records_by_letters ON later_records (letters, id);
