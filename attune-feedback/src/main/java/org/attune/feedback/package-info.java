/** Feedback datasets: what people were asked about records, and what they answered. */
@NullMarked
package org.attune.feedback;

import org.jspecify.annotations.NullMarked;
