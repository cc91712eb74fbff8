-- A migration that is not released, for tests of what an older version left.
ALTER TABLE workspaces ADD COLUMN mark TEXT NOT NULL DEFAULT 'none';
