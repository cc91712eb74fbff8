/** The feedback server under load. */
@NullMarked
package org.attune.benchmarks.server;

import org.jspecify.annotations.NullMarked;
