package org.attune.model.template;

import java.util.Iterator;

/** Values that can be read once, as most filters over lists give them. */
record Generator(Iterator<Object> items) {}
