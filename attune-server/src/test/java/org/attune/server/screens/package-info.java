/** Every page as people see it: pictures, widths, themes, and what keeps anybody from using it. */
@NullMarked
package org.attune.server.screens;

import org.jspecify.annotations.NullMarked;
