/** Chat templates: the part of Jinja that models use, and its rules for values, as in Python. */
@NullMarked
package org.attune.model.template;

import org.jspecify.annotations.NullMarked;
