/** The settings of a feedback dataset, and their form in files. */
@NullMarked
package org.attune.feedback.settings;

import org.jspecify.annotations.NullMarked;
