@NullMarked
package org.attune.data.hub;

import org.jspecify.annotations.NullMarked;
