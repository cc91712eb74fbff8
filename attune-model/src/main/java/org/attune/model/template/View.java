package org.attune.model.template;

import java.util.List;

/** What {@code keys()}, {@code values()} and {@code items()} of a dictionary give. */
record View(String name, List<Object> items) {}
