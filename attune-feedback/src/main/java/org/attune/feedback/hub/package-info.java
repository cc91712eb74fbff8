/** The folder layout in which feedback datasets are shared on model hubs. */
@NullMarked
package org.attune.feedback.hub;

import org.jspecify.annotations.NullMarked;
