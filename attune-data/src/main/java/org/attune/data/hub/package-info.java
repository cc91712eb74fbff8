/** Models and datasets of a hub that speaks Hugging Face's protocol, and their cache. */
@NullMarked
package org.attune.data.hub;

import org.jspecify.annotations.NullMarked;
