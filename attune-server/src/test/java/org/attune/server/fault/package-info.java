/** What becomes of data when machines, disks, databases and clocks fail. */
@NullMarked
package org.attune.server.fault;

import org.jspecify.annotations.NullMarked;
