/** The feedback platform as one program: Argilla's routes, our own, and pages for a browser. */
@NullMarked
package org.attune.server;

import org.jspecify.annotations.NullMarked;
