@NullMarked
package org.attune.server.assignment;

import org.jspecify.annotations.NullMarked;
