@NullMarked
package org.attune.server.transfer;

import org.jspecify.annotations.NullMarked;
