/** Who is given which records, in which order and how many. */
@NullMarked
package org.attune.server.assignment;

import org.jspecify.annotations.NullMarked;
