/** How far people agree. */
@NullMarked
package org.attune.feedback.agreement;

import org.jspecify.annotations.NullMarked;
