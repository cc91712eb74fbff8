/** The command that describes the machine. */
@NullMarked
package org.attune.cli.doctor;

import org.jspecify.annotations.NullMarked;
