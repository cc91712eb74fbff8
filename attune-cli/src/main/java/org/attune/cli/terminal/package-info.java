/** What the program says to who started it: results, progress, failures and exit codes. */
@NullMarked
package org.attune.cli.terminal;

import org.jspecify.annotations.NullMarked;
