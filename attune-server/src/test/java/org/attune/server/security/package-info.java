@NullMarked
package org.attune.server.security;

import org.jspecify.annotations.NullMarked;
