/** What a record shows and carries: fields, metadata properties, vectors. */
@NullMarked
package org.attune.feedback.field;

import org.jspecify.annotations.NullMarked;
