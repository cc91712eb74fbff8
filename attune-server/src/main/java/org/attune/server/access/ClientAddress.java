package org.attune.server.access;

import jakarta.servlet.http.HttpServletRequest;

/** Where a request comes from, as far as one household or office can be told from another. */
final class ClientAddress {

  private static final int GROUPS_OF_A_NETWORK = 4;

  private ClientAddress() {}

  /** The address; of IPv6 only the network, since whoever has one has 2^64 addresses in it. */
  static String of(HttpServletRequest request) {
    return network(String.valueOf(request.getRemoteAddr()));
  }

  /**
   * The network of an address that is written as servlet containers do: all eight groups of IPv6.
   */
  static String network(String address) {
    String[] groups = address.split(":", -1);
    return groups.length <= GROUPS_OF_A_NETWORK || address.contains("::")
        ? address
        : String.join(":", groups[0], groups[1], groups[2], groups[3]) + "::/64";
  }
}
