/** How close suggestions come to what people answer. */
@NullMarked
package org.attune.feedback.metrics;

import org.jspecify.annotations.NullMarked;
