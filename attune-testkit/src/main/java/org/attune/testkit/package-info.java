/** Assertions, fixtures and checks shared by the tests of every module. */
@NullMarked
package org.attune.testkit;

import org.jspecify.annotations.NullMarked;
