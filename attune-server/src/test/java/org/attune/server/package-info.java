@NullMarked
package org.attune.server;

import org.jspecify.annotations.NullMarked;
