/** What can happen to a dataset, as values: the unit of validation and of storage. */
@NullMarked
package org.attune.feedback.change;

import org.jspecify.annotations.NullMarked;
