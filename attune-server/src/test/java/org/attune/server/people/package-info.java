@NullMarked
package org.attune.server.people;

import org.jspecify.annotations.NullMarked;
