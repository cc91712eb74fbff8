/** Feedback that comes from another server. */
@NullMarked
package org.attune.server.transfer;

import org.jspecify.annotations.NullMarked;
