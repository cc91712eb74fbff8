/** Finding records: by text, filters and similarity, in an index that follows the database. */
@NullMarked
package org.attune.server.search;

import org.jspecify.annotations.NullMarked;
