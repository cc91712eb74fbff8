/** The log of who did what, which is written with each change and only read afterwards. */
@NullMarked
package org.attune.server.audit;

import org.jspecify.annotations.NullMarked;
