@NullMarked
package org.attune.server.curation;

import org.jspecify.annotations.NullMarked;
