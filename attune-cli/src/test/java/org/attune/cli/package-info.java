@NullMarked
package org.attune.cli;

import org.jspecify.annotations.NullMarked;
