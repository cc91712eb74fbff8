/** A client of a feedback server: Attune's, or any that speaks Argilla's REST interface. */
@NullMarked
package org.attune.feedback.client;

import org.jspecify.annotations.NullMarked;
