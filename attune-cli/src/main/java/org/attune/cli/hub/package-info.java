/** The command {@code attune hub}. */
@NullMarked
package org.attune.cli.hub;

import org.jspecify.annotations.NullMarked;
