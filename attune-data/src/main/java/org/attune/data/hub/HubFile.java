package org.attune.data.hub;

/**
 * A file of a repository, as the hub lists it.
 *
 * @param path in the repository
 * @param bytes its size, or -1 where the hub does not say
 */
public record HubFile(String path, long bytes) {}
