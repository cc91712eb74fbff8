/** Datasets: columns and rows of files, larger than memory. */
@NullMarked
package org.attune.data;

import org.jspecify.annotations.NullMarked;
