@NullMarked
package org.attune.server.webhook;

import org.jspecify.annotations.NullMarked;
