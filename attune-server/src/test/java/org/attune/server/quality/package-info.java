@NullMarked
package org.attune.server.quality;

import org.jspecify.annotations.NullMarked;
