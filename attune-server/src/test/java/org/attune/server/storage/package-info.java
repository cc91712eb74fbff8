@NullMarked
package org.attune.server.storage;

import org.jspecify.annotations.NullMarked;
