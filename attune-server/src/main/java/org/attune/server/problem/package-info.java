/** Why a request cannot be served, in words for whoever sent it. */
@NullMarked
package org.attune.server.problem;

import org.jspecify.annotations.NullMarked;
