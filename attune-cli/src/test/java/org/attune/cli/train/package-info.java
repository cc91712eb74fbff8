@NullMarked
package org.attune.cli.train;

import org.jspecify.annotations.NullMarked;
