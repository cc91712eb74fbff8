@NullMarked
package org.attune.server.search;

import org.jspecify.annotations.NullMarked;
