/** Reading and writing configurations as YAML. */
@NullMarked
package org.attune.run.yaml;

import org.jspecify.annotations.NullMarked;
