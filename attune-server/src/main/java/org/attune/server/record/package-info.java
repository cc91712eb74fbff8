/** Records, with the suggestions, vectors and responses that belong to them. */
@NullMarked
package org.attune.server.record;

import org.jspecify.annotations.NullMarked;
