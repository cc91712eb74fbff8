@NullMarked
package org.attune.server.contract;

import org.jspecify.annotations.NullMarked;
