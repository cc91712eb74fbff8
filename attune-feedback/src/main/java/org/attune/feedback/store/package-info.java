/** A feedback dataset in a folder, durable and readable. */
@NullMarked
package org.attune.feedback.store;

import org.jspecify.annotations.NullMarked;
