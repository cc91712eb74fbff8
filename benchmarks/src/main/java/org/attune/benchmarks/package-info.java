/** The Attune side of the comparisons that {@code benchmarks/compare.py} makes. */
@NullMarked
package org.attune.benchmarks;

import org.jspecify.annotations.NullMarked;
