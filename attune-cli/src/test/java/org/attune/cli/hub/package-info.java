@NullMarked
package org.attune.cli.hub;

import org.jspecify.annotations.NullMarked;
