@NullMarked
package org.attune.server.audit;

import org.jspecify.annotations.NullMarked;
