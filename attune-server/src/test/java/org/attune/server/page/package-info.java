@NullMarked
package org.attune.server.page;

import org.jspecify.annotations.NullMarked;
