/** Ready-made settings for common kinds of feedback. */
@NullMarked
package org.attune.feedback.template;

import org.jspecify.annotations.NullMarked;
