/** The database: one schema for the embedded SQLite file and for PostgreSQL. */
@NullMarked
package org.attune.server.storage;

import org.jspecify.annotations.NullMarked;
