/** {@code attune server}: the feedback platform. */
@NullMarked
package org.attune.cli.server;

import org.jspecify.annotations.NullMarked;
