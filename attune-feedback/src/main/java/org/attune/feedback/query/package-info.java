/** Which records of a dataset are wanted, and in what order, be the dataset here or on a server. */
@NullMarked
package org.attune.feedback.query;

import org.jspecify.annotations.NullMarked;
