@NullMarked
package org.attune.server.argilla;

import org.jspecify.annotations.NullMarked;
