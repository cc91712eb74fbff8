/** Telling other programs what happens here. */
@NullMarked
package org.attune.server.webhook;

import org.jspecify.annotations.NullMarked;
