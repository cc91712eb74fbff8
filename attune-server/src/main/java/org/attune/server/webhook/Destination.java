package org.attune.server.webhook;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;

/** Whether an address may be called. One within the server's own network is a way to attack it. */
final class Destination {

  private Destination() {}

  /** Whether every address of the host is outside of private networks. */
  static boolean isPublic(URI url) throws UnknownHostException {
    for (InetAddress address : InetAddress.getAllByName(url.getHost())) {
      if (address.isLoopbackAddress()
          || address.isAnyLocalAddress()
          || address.isLinkLocalAddress()
          || address.isSiteLocalAddress()
          || address.isMulticastAddress()
          || isUniqueLocal(address)) {
        return false;
      }
    }
    return true;
  }

  /** fc00::/7, which Java does not count as local. */
  private static boolean isUniqueLocal(InetAddress address) {
    byte[] bytes = address.getAddress();
    return bytes.length == 16 && (bytes[0] & 0xfe) == 0xfc;
  }
}
