/** The trial that chose the server's embedded database. */
@NullMarked
package org.attune.benchmarks.storage;

import org.jspecify.annotations.NullMarked;
