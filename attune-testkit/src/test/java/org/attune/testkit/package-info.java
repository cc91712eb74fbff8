@NullMarked
package org.attune.testkit;

import org.jspecify.annotations.NullMarked;
