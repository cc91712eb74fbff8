@NullMarked
package org.attune.cli.feedback;

import org.jspecify.annotations.NullMarked;
