/** Records of a published dataset: finding, changing and deleting them. */
@NullMarked
package org.attune.server.curation;

import org.jspecify.annotations.NullMarked;
