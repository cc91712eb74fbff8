@NullMarked
package org.attune.train.evaluate;

import org.jspecify.annotations.NullMarked;
