@NullMarked
package org.attune.cli.terminal;

import org.jspecify.annotations.NullMarked;
