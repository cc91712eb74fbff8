@NullMarked
package org.attune.server.description;

import org.jspecify.annotations.NullMarked;
