package org.attune.server.storage;

/** Something that happened to the data, as a {@link ChangeListener} is told of it. */
public interface Change {}
