/** From a request to who sent it, and what they may do. */
@NullMarked
package org.attune.server.access;

import org.jspecify.annotations.NullMarked;
