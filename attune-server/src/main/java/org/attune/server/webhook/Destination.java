package org.attune.server.webhook;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * Where a message may go. An address within the server's own network is a way to attack it, and a
 * name may lead to one now that led elsewhere before; so a name is looked up once for each message,
 * and the connection goes to the address that was looked at.
 */
final class Destination {

  private static final int BYTES_OF_IPV4 = 4;

  private final Names names;
  private final boolean privateAddresses;

  /**
   * Of any names.
   *
   * @param privateAddresses whether addresses in the server's own network are allowed
   */
  Destination(Names names, boolean privateAddresses) {
    this.names = names;
    this.privateAddresses = privateAddresses;
  }

  /** Finds the addresses of a host. */
  @FunctionalInterface
  interface Names {
    InetAddress[] of(String host) throws UnknownHostException;
  }

  /**
   * The address to connect to.
   *
   * @throws IOException if the host has none, or one that may not be called
   */
  InetAddress address(URI url) throws IOException {
    String host = url.getHost();
    if (host == null) {
      throw new UnknownHostException(url + " names no host");
    }
    InetAddress[] addresses = names.of(host);
    for (InetAddress address : addresses) {
      if (!privateAddresses && !isPublic(address)) {
        throw new IOException(
            "its address "
                + address.getHostAddress()
                + " is in a private network, which ATTUNE_PRIVATE_WEBHOOKS=true allows");
      }
    }
    return addresses[0];
  }

  static boolean isPublic(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (address.isLoopbackAddress()
        || address.isAnyLocalAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()) {
      return false;
    }
    return bytes.length == BYTES_OF_IPV4 ? isPublicIpv4(bytes) : isPublicIpv6(bytes);
  }

  private static boolean isPublicIpv4(byte[] bytes) {
    int first = bytes[0] & 0xff;
    int second = bytes[1] & 0xff;
    return first != 0 // this network
        && !(first == 100 && (second & 0xc0) == 64) // shared by customers of a provider
        && !(first == 192 && second == 0 && bytes[2] == 0) // of protocols
        && !(first == 198 && (second & 0xfe) == 18) // of measurements
        && first < 240; // reserved, and broadcast
  }

  private static boolean isPublicIpv6(byte[] bytes) {
    int first = ((bytes[0] & 0xff) << Byte.SIZE) | (bytes[1] & 0xff);
    boolean isGlobal = (first & 0xe000) == 0x2000;
    boolean tunnelled = first == 0x2002 || (first == 0x2001 && bytes[2] == 0 && bytes[3] == 0);
    // 64:ff9b::/96, by which a network without IPv4 reaches it
    boolean translated = first == 0x64 && (bytes[2] & 0xff) == 0xff && (bytes[3] & 0xff) == 0x9b;
    return translated
        ? isPublicIpv4Inside(Arrays.copyOfRange(bytes, 12, 16))
        : isGlobal && !tunnelled;
  }

  private static boolean isPublicIpv4Inside(byte[] bytes) {
    try {
      return isPublic(InetAddress.getByAddress(bytes));
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("an address has four bytes", e);
    }
  }
}
