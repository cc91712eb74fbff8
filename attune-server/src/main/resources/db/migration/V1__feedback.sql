-- One schema for SQLite and PostgreSQL. ${identity}: a counting key; ${bytes}: a byte string.
-- Times are microseconds since 1970 in UTC. Ids are UUIDs as text. JSON is text: the index answers questions about it.

-- who signs in by an OpenID provider has no password
CREATE TABLE users (
    id            TEXT PRIMARY KEY,
    username      TEXT    NOT NULL,
    first_name    TEXT    NOT NULL,
    last_name     TEXT,
    role          TEXT    NOT NULL CHECK (role IN ('owner', 'admin', 'annotator')),
    password_hash TEXT,
    inserted_at   BIGINT  NOT NULL,
    updated_at    BIGINT  NOT NULL,
    deleted_at    BIGINT
);
-- answers outlive their authors, and a name can be given again
CREATE UNIQUE INDEX users_by_name ON users (username) WHERE deleted_at IS NULL;

-- What proves who a request comes from: only SHA-256 hashes of it are kept.
CREATE TABLE credentials (
    id           TEXT PRIMARY KEY,
    user_id      TEXT   NOT NULL REFERENCES users (id),
    kind         TEXT   NOT NULL CHECK (kind IN ('api_key', 'session', 'bearer')),
    hash         TEXT   NOT NULL UNIQUE,
    inserted_at  BIGINT NOT NULL,
    expires_at   BIGINT,
    last_used_at BIGINT
);
CREATE INDEX credentials_by_user ON credentials (user_id, kind);

-- Who an OpenID provider says that a user is: its own name for the person never changes hands.
CREATE TABLE identities (
    issuer      TEXT   NOT NULL,
    subject     TEXT   NOT NULL,
    user_id     TEXT   NOT NULL REFERENCES users (id),
    inserted_at BIGINT NOT NULL,
    PRIMARY KEY (issuer, subject)
);
CREATE INDEX identities_by_user ON identities (user_id);

CREATE TABLE workspaces (
    id          TEXT PRIMARY KEY,
    name        TEXT   NOT NULL UNIQUE,
    inserted_at BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL
);

CREATE TABLE workspaces_users (
    workspace_id TEXT   NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    user_id      TEXT   NOT NULL REFERENCES users (id),
    inserted_at  BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, user_id)
);

-- revision counts every change of the dataset's records; whoever changes one holds this row until the end,
-- so that revisions become visible in their order, and the index can ask for what is newer than its own
CREATE TABLE datasets (
    id                   TEXT PRIMARY KEY,
    workspace_id         TEXT    NOT NULL REFERENCES workspaces (id),
    name                 TEXT    NOT NULL,
    guidelines           TEXT,
    allow_extra_metadata BOOLEAN NOT NULL,
    status               TEXT    NOT NULL CHECK (status IN ('draft', 'ready')),
    min_submitted        INTEGER NOT NULL,
    max_submitted        INTEGER,
    quota                INTEGER,
    record_order         TEXT    NOT NULL,
    metadata             TEXT,
    settings_version     INTEGER NOT NULL,
    revision             BIGINT  NOT NULL,
    last_activity_at     BIGINT  NOT NULL,
    inserted_at          BIGINT  NOT NULL,
    updated_at           BIGINT  NOT NULL,
    UNIQUE (workspace_id, name)
);

CREATE TABLE fields (
    id          TEXT PRIMARY KEY,
    dataset_id  TEXT    NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
    name        TEXT    NOT NULL,
    title       TEXT    NOT NULL,
    required    BOOLEAN NOT NULL,
    settings    TEXT    NOT NULL,
    place       INTEGER NOT NULL,
    inserted_at BIGINT  NOT NULL,
    updated_at  BIGINT  NOT NULL,
    UNIQUE (dataset_id, name)
);

-- a retired question keeps its answers; Argilla's routes never show it
CREATE TABLE questions (
    id          TEXT PRIMARY KEY,
    dataset_id  TEXT    NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
    name        TEXT    NOT NULL,
    title       TEXT    NOT NULL,
    description TEXT,
    required    BOOLEAN NOT NULL,
    settings    TEXT    NOT NULL,
    place       INTEGER NOT NULL,
    retired_at  BIGINT,
    inserted_at BIGINT  NOT NULL,
    updated_at  BIGINT  NOT NULL,
    UNIQUE (dataset_id, name)
);

CREATE TABLE metadata_properties (
    id                     TEXT PRIMARY KEY,
    dataset_id             TEXT    NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
    name                   TEXT    NOT NULL,
    title                  TEXT    NOT NULL,
    settings               TEXT    NOT NULL,
    visible_for_annotators BOOLEAN NOT NULL,
    inserted_at            BIGINT  NOT NULL,
    updated_at             BIGINT  NOT NULL,
    UNIQUE (dataset_id, name)
);

CREATE TABLE vectors_settings (
    id          TEXT PRIMARY KEY,
    dataset_id  TEXT    NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
    name        TEXT    NOT NULL,
    title       TEXT    NOT NULL,
    dimensions  INTEGER NOT NULL,
    inserted_at BIGINT  NOT NULL,
    updated_at  BIGINT  NOT NULL,
    UNIQUE (dataset_id, name)
);

-- The settings of a dataset as they were, one row for each change after it was published.
CREATE TABLE dataset_versions (
    dataset_id  TEXT    NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
    version     INTEGER NOT NULL,
    settings    TEXT    NOT NULL,
    author_id   TEXT    NOT NULL REFERENCES users (id),
    inserted_at BIGINT  NOT NULL,
    PRIMARY KEY (dataset_id, version)
);

-- The file that a dataset is filled from, and what becomes of its columns, until it is filled.
CREATE TABLE uploads (
    dataset_id  TEXT PRIMARY KEY REFERENCES datasets (id) ON DELETE CASCADE,
    file_name   TEXT   NOT NULL,
    stored_as   TEXT   NOT NULL,
    mapping     TEXT   NOT NULL,
    inserted_at BIGINT NOT NULL
);

CREATE TABLE records (
    seq         ${identity},
    id          TEXT    NOT NULL UNIQUE,
    dataset_id  TEXT    NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
    external_id TEXT,
    fields      TEXT    NOT NULL,
    metadata    TEXT,
    status      TEXT    NOT NULL CHECK (status IN ('pending', 'completed')),
    revision    BIGINT  NOT NULL,
    inserted_at BIGINT  NOT NULL,
    updated_at  BIGINT  NOT NULL,
    UNIQUE (dataset_id, external_id)
);
CREATE INDEX records_in_order ON records (dataset_id, inserted_at, seq);
CREATE INDEX records_by_revision ON records (dataset_id, revision);

-- What the index has to forget.
CREATE TABLE removed_records (
    dataset_id TEXT   NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
    record_id  TEXT   NOT NULL,
    revision   BIGINT NOT NULL,
    PRIMARY KEY (dataset_id, record_id)
);
CREATE INDEX removed_records_by_revision ON removed_records (dataset_id, revision);

CREATE TABLE responses (
    id          TEXT PRIMARY KEY,
    record_id   TEXT   NOT NULL REFERENCES records (id) ON DELETE CASCADE,
    dataset_id  TEXT   NOT NULL,
    user_id     TEXT   NOT NULL REFERENCES users (id),
    status      TEXT   NOT NULL CHECK (status IN ('draft', 'submitted', 'discarded')),
    answers     TEXT   NOT NULL,
    seconds     DOUBLE PRECISION,
    inserted_at BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    UNIQUE (record_id, user_id)
);
CREATE INDEX responses_by_user ON responses (dataset_id, user_id, status);

-- Every state a response ever had, the present one too. Rows are only added.
CREATE TABLE response_revisions (
    seq         ${identity},
    record_id   TEXT   NOT NULL,
    dataset_id  TEXT   NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
    user_id     TEXT   NOT NULL,
    author_id   TEXT   NOT NULL,
    status      TEXT   NOT NULL,
    answers     TEXT   NOT NULL,
    inserted_at BIGINT NOT NULL
);
CREATE INDEX response_revisions_by_response ON response_revisions (record_id, user_id);
CREATE INDEX response_revisions_by_dataset ON response_revisions (dataset_id);

CREATE TABLE suggestions (
    id          TEXT PRIMARY KEY,
    record_id   TEXT   NOT NULL REFERENCES records (id) ON DELETE CASCADE,
    question_id TEXT   NOT NULL REFERENCES questions (id) ON DELETE CASCADE,
    answer      TEXT   NOT NULL,
    score       TEXT,
    agent       TEXT,
    type        TEXT,
    inserted_at BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    UNIQUE (record_id, question_id)
);
CREATE INDEX suggestions_by_question ON suggestions (question_id, agent);

-- components: 32-bit floats, little-endian
CREATE TABLE vectors (
    record_id   TEXT    NOT NULL REFERENCES records (id) ON DELETE CASCADE,
    settings_id TEXT    NOT NULL REFERENCES vectors_settings (id) ON DELETE CASCADE,
    components  ${bytes} NOT NULL,
    PRIMARY KEY (record_id, settings_id)
);
CREATE INDEX vectors_by_settings ON vectors (settings_id);

-- The answer that a reviewer made final, apart from what annotators said.
CREATE TABLE adjudications (
    record_id   TEXT   NOT NULL REFERENCES records (id) ON DELETE CASCADE,
    question_id TEXT   NOT NULL REFERENCES questions (id) ON DELETE CASCADE,
    answer      TEXT   NOT NULL,
    source      TEXT   NOT NULL,
    author_id   TEXT   NOT NULL REFERENCES users (id),
    inserted_at BIGINT NOT NULL,
    PRIMARY KEY (record_id, question_id)
);

-- Records that somebody has open, so that nobody else is given them meanwhile.
CREATE TABLE claims (
    record_id  TEXT   NOT NULL REFERENCES records (id) ON DELETE CASCADE,
    dataset_id TEXT   NOT NULL,
    user_id    TEXT   NOT NULL REFERENCES users (id),
    until      BIGINT NOT NULL,
    PRIMARY KEY (record_id, user_id)
);
CREATE INDEX claims_by_dataset ON claims (dataset_id, until);

CREATE TABLE webhooks (
    id          TEXT PRIMARY KEY,
    url         TEXT    NOT NULL,
    secret      TEXT    NOT NULL,
    events      TEXT    NOT NULL,
    enabled     BOOLEAN NOT NULL,
    description TEXT,
    inserted_at BIGINT  NOT NULL,
    updated_at  BIGINT  NOT NULL
);

-- Events that still have to be delivered; written with the change that they tell of. They do not refer to their
-- webhook, so that no change fails because a webhook is being deleted.
CREATE TABLE webhook_deliveries (
    seq         ${identity},
    message_id  TEXT    NOT NULL,
    webhook_id  TEXT    NOT NULL,
    event       TEXT    NOT NULL,
    body        TEXT    NOT NULL,
    attempts    INTEGER NOT NULL,
    inserted_at BIGINT  NOT NULL
);
CREATE INDEX webhook_deliveries_in_order ON webhook_deliveries (webhook_id, seq);

-- Who did what, from where. Rows are only added, and deleted when they are old. user_id: null for nobody known, or the
-- server itself; username: as it was then.
CREATE TABLE audit_log (
    seq         ${identity},
    inserted_at BIGINT NOT NULL,
    user_id     TEXT,
    username    TEXT,
    address     TEXT,
    action      TEXT   NOT NULL,
    subject     TEXT   NOT NULL,
    details     TEXT   NOT NULL
);
CREATE INDEX audit_log_by_time ON audit_log (inserted_at);
CREATE INDEX audit_log_by_name ON audit_log (username, seq);

-- What must survive a restart and is nobody's data.
CREATE TABLE server_state (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
