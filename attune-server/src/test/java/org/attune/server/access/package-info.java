@NullMarked
package org.attune.server.access;

import org.jspecify.annotations.NullMarked;
