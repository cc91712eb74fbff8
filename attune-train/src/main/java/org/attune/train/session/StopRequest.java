package org.attune.train.session;

/**
 * A wish to end a training early. Hand one to a trainer before it trains; any thread may then make
 * the request, and the training saves a checkpoint and stops after the step it is in.
 */
public final class StopRequest {
  private volatile boolean requested;

  /** Asks for the stop; asking again changes nothing. */
  public void request() {
    requested = true;
  }

  public boolean isRequested() {
    return requested;
  }
}
