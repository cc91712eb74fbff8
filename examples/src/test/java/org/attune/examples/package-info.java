/** Runs the examples as a newcomer would, only shorter. */
@NullMarked
package org.attune.examples;

import org.jspecify.annotations.NullMarked;
