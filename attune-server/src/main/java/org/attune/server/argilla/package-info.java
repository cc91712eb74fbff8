/** Argilla's routes, as its Python clients of both generations call them. */
@NullMarked
package org.attune.server.argilla;

import org.jspecify.annotations.NullMarked;
