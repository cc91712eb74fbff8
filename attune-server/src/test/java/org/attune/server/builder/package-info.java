@NullMarked
package org.attune.server.builder;

import org.jspecify.annotations.NullMarked;
