@NullMarked
package org.attune.server.problem;

import org.jspecify.annotations.NullMarked;
