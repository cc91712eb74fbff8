package org.attune.server.search;

/**
 * How much an index does at once.
 *
 * @param bufferMegabytes how much is held in memory before it is written
 * @param segmentsPerTier how many parts of a size there may be before they are merged
 * @param followMillis how often the index looks for changes
 * @param commitEvery after how many looks it makes what it knows safe
 */
record IndexPace(
    double bufferMegabytes, double segmentsPerTier, long followMillis, int commitEvery) {

  static final IndexPace DEFAULT = new IndexPace(48, 10, 300, 100);
}
