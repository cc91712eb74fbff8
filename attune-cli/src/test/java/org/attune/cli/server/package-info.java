@NullMarked
package org.attune.cli.server;

import org.jspecify.annotations.NullMarked;
