/** Copies of everything that a server keeps, and how they become a server again. */
@NullMarked
package org.attune.server.backup;

import org.jspecify.annotations.NullMarked;
