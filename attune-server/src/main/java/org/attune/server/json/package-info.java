/** JSON in requests, answers and columns. */
@NullMarked
package org.attune.server.json;

import org.jspecify.annotations.NullMarked;
