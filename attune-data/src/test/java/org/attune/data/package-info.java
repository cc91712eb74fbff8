@NullMarked
package org.attune.data;

import org.jspecify.annotations.NullMarked;
