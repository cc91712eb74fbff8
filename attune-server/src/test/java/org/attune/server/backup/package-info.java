@NullMarked
package org.attune.server.backup;

import org.jspecify.annotations.NullMarked;
